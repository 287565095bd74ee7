import { join } from "node:path";
import { multistream, pino } from "pino";
import type { AgentLog, LogFields } from "./agent-log";
import { RotatingFile } from "./rotating-file";

interface Line {
  readonly level: number;
  readonly time: number;
  readonly msg: string;
  readonly topologyId?: string;
  readonly objectId?: string;
  readonly err?: { readonly message?: string };
}

const LEVEL_NAME: Readonly<Record<number, string>> = { 20: "debug", 30: "info", 40: "WARN", 50: "ERROR" };

/** Info and worse to standard error (single lines for a person, JSON for a program), everything to `agent.log` of the state directory. */
export function createLogger(stateDir: string | null, stderr: { readonly isTTY?: boolean; write(text: string): unknown } = process.stderr): AgentLog & { close(): void } {
  const file = stateDir === null ? null : new RotatingFile(join(stateDir, "agent.log"));
  const out = { write: (line: string) => void stderr.write(stderr.isTTY ? `${readable(line)}\n` : line) };
  const own = pino({ level: "debug", base: null }, multistream([
    { level: "info", stream: out },
    ...(file ? [{ level: "debug" as const, stream: file }] : []),
  ]));
  const at = (level: "debug" | "info" | "warn" | "error") => (text: string, { error, ...fields }: LogFields = {}): void => {
    own[level](error === undefined ? fields : { ...fields, err: error }, text);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), close: () => file?.close() };
}

/** `14:03:07 info  default revision 3: 128 steps in 0.20 s, in place`. Control characters of whatever was logged do not reach the terminal. */
export function readable(json: string): string {
  const line = JSON.parse(json) as Line;
  const time = new Date(line.time).toTimeString().slice(0, 8);
  const error = line.err?.message && line.err.message !== line.msg ? ` (${line.err.message})` : "";
  const object = line.objectId ? ` ${line.objectId}` : "";
  return `${time} ${(LEVEL_NAME[line.level] ?? "?").padEnd(5)}${object} ${line.msg}${error}`.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}
