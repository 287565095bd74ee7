import { setImmediate } from "node:timers/promises";

const AT_A_STRETCH_MS = 5;

/** Long work on this thread lets others in every few milliseconds, so that the agent keeps answering its server. */
export class Breather {
  private since = performance.now();

  async pause(): Promise<void> {
    if (performance.now() - this.since < AT_A_STRETCH_MS) return;
    await setImmediate();
    this.since = performance.now();
  }
}
