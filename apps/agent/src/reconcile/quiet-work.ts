import { toWireError } from "@vpclab/shared/errors/app-error";
import type { AgentLog } from "../report/agent-log";

/** Work that nobody waits for and that comes again and again: a failure that goes on is said once. */
export class QuietWork {
  readonly #log: AgentLog;
  readonly #lastTrouble = new Map<string, string>();

  constructor(log: AgentLog) {
    this.#log = log;
  }

  /** `what` is looked after, as people call it. Never throws. */
  async run(what: string, topologyId: string | null, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#lastTrouble.delete(what);
    } catch (error) {
      const { publicMessage } = toWireError(error);
      if (this.#lastTrouble.get(what) === publicMessage) return;
      this.#lastTrouble.set(what, publicMessage);
      this.#log.error(`could not look after ${what}: ${publicMessage}`, { error, ...(topologyId === null ? {} : { topologyId }) });
    }
  }
}
