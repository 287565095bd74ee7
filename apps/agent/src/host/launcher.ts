import { Worker } from "node:worker_threads";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { LaunchAnswer, LaunchOrder, LaunchSetting } from "./launch-order";
import { within } from "./within";

/** A start takes milliseconds; so many may wait for one another. */
const LAUNCH_TIMEOUT_MS = 20_000;

interface Waiting {
  readonly resolve: (answer: LaunchAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** The launching thread as the rest of the agent sees it: made when it is first needed, one order after the other. */
export class Launcher {
  #thread: Worker | null = null;
  #waiting: Waiting[] = [];

  /** `file`: bundled `launch-thread.ts`. */
  constructor(private readonly file: string, private readonly setting: LaunchSetting, private readonly timeoutMs = LAUNCH_TIMEOUT_MS) {}

  /** Throws STEP_TIMEOUT where the thread hangs, e.g. because the program lies on a disk that does not answer. The next order gets another thread. */
  launch(order: LaunchOrder): Promise<LaunchAnswer> {
    const thread = (this.#thread ??= this.#start());
    return within(this.timeoutMs, "Starting a program", () => this.#ask(thread, order)).catch((error: unknown) => {
      if (error instanceof AppError) this.#giveUp(thread, error);
      throw error;
    });
  }

  #ask(thread: Worker, order: LaunchOrder): Promise<LaunchAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      thread.ref();
      thread.postMessage(order);
    });
  }

  /** Should it wake up, it carries out nothing more: what its orders name by number is closed by then, or something else. */
  #giveUp(thread: Worker, error: Error): void {
    void thread.terminate();
    thread.unref();
    this.#lost(thread, error);
  }

  #start(): Worker {
    const thread = new Worker(this.file, { workerData: this.setting, env: {}, execArgv: [] });
    thread.on("message", (answer: LaunchAnswer) => {
      if (this.#thread !== thread) return;
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
