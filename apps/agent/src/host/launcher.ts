import { Worker } from "node:worker_threads";
import type { LaunchAnswer, LaunchOrder, LaunchSetting } from "./launch-order";

interface Waiting {
  readonly resolve: (answer: LaunchAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** The launching thread as the rest of the agent sees it: made when it is first needed, one order after the other. */
export class Launcher {
  #thread: Worker | null = null;
  #waiting: Waiting[] = [];

  /** `file`: bundled `launch-thread.ts`. */
  constructor(private readonly file: string, private readonly setting: LaunchSetting) {}

  launch(order: LaunchOrder): Promise<LaunchAnswer> {
    return new Promise((resolve, reject) => {
      this.#thread ??= this.#start();
      this.#waiting.push({ resolve, reject });
      this.#thread.ref();
      this.#thread.postMessage(order);
    });
  }

  #start(): Worker {
    const thread = new Worker(this.file, { workerData: this.setting, env: {}, execArgv: [] });
    thread.on("message", (answer: LaunchAnswer) => {
      this.#waiting.shift()?.resolve(answer);
      // With nothing to do it does not keep the process alive.
      if (this.#waiting.length === 0) thread.unref();
    });
    thread.on("error", (error) => this.#lost(thread, error instanceof Error ? error : new Error(String(error))));
    thread.on("exit", (code) => this.#lost(thread, new Error(`the thread that starts programs ended with ${code}`)));
    return thread;
  }

  /** The next order gets another one. */
  #lost(thread: Worker, error: Error): void {
    if (this.#thread !== thread) return;
    this.#thread = null;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
