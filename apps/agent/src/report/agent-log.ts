import type { LogLine } from "@vpclab/shared/wire/live";

export interface LogFields {
  readonly topologyId?: string;
  readonly objectId?: string;
  /** Written to the agent's own log with its stack; never sent to the server. */
  readonly error?: unknown;
}

/** What the agent has to say: to its own log, and, as far as it concerns people at the page, to the server. */
export interface AgentLog {
  debug(text: string, fields?: LogFields): void;
  info(text: string, fields?: LogFields): void;
  warn(text: string, fields?: LogFields): void;
  error(text: string, fields?: LogFields): void;
}

export const SILENT_LOG: AgentLog = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const TEXT_CHARS_MAX = 1000;

/** A log that also tells the server; `debug` stays here. */
export function tellingLog(own: AgentLog, tell: (topologyId: string | null, line: LogLine) => void): AgentLog {
  const at = (level: LogLine["level"]) => (text: string, fields: LogFields = {}): void => {
    own[level](text, fields);
    const line: LogLine = { at: Date.now(), level, text: text.slice(0, TEXT_CHARS_MAX), ...(fields.objectId ? { objectId: fields.objectId } : {}) };
    tell(fields.topologyId ?? null, line);
  };
  return { debug: (text, fields) => own.debug(text, fields), info: at("info"), warn: at("warn"), error: at("error") };
}
