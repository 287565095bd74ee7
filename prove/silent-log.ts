import type { AgentLog } from "../apps/agent/src/report/agent-log";

/** Errors still are heard: they explain a disagreement. */
export const silentLog: AgentLog = {
  debug: () => undefined, info: () => undefined, warn: () => undefined,
  error: (text) => void process.stderr.write(`agent: ${text}\n`),
};
