import { runDoctor } from "../doctor/doctor";
import { readIdMaps } from "../host/id-maps";
import { createCommandRunner } from "../host/run-command";
import type { Options } from "./options";

export async function doctorCommand({ mode }: Options, print: (line: string) => void): Promise<number> {
  const checks = await runDoctor({ runner: createCommandRunner(), idMaps: readIdMaps(), mode });
  for (const check of checks) {
    print(`${check.ok ? "ok      " : "MISSING "} ${check.name.padEnd(20)} ${check.found}`);
    if (check.advice) print(`         ${check.advice}`);
  }
  return checks.every((check) => check.ok) ? 0 : 1;
}
