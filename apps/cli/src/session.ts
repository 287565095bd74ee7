import type { CommandOutline } from "./command-outline";
import type { Environment } from "./env";
import type { GlobalOptions } from "./global-options";
import type { Lab, Refusal } from "./lab/lab";
import type { Output } from "./output/output";

/** Nobody wants to wait for a note. */
const NOTE_WAIT_MS = 3000;

/** What an action gets. */
export interface Session {
  readonly options: GlobalOptions;
  readonly env: Environment;
  readonly out: Output;
  /** Name of the topology to work on. */
  readonly topology: string;
  /** Aborts when the person presses Ctrl-C for the first time. */
  readonly signal: AbortSignal;
  /** The program's own commands, for completion. */
  outline(): CommandOutline;
  /** What vpcctl works on, opened with the first call and closed by the program. Throws AppError. */
  lab(): Promise<Lab>;
}

/** A session that opens its lab when it is needed; `close` ends it, whatever happened. */
export class OpenSession implements Session {
  private opened: Promise<Lab> | null = null;
  private readonly abort = new AbortController();
  private readonly onSignal = (): void => {
    // The second time nobody is asked.
    if (this.abort.signal.aborted) process.exit(130);
    this.abort.abort();
  };

  constructor(
    readonly options: GlobalOptions, readonly env: Environment, readonly out: Output, readonly outline: () => CommandOutline,
  ) {}

  get topology(): string {
    return this.options.topology;
  }

  /** Reading it takes Ctrl-C over: who asks for the signal ends by itself. */
  get signal(): AbortSignal {
    if (!process.listeners("SIGINT").includes(this.onSignal)) process.on("SIGINT", this.onSignal);
    return this.abort.signal;
  }

  lab(): Promise<Lab> {
    this.opened ??= import("./choose-lab").then(({ chooseLab }) => chooseLab(this));
    return this.opened;
  }

  /** For the activity log of this machine. What cannot be noted is not: the refusal itself is what the person has to hear. */
  async noteRefusal(refusal: Omit<Refusal, "topologyName">): Promise<void> {
    try {
      this.opened ??= import("./choose-lab").then(async ({ localLabInUse }) => (await localLabInUse({ options: this.options, env: this.env, waitMs: NOTE_WAIT_MS })) ?? Promise.reject(new Error("not this machine")));
      await (await this.opened).noteRefusal({ ...refusal, topologyName: this.topology });
    } catch {
      // Not this machine's, not permitted there, or somebody else works with it for long.
    }
  }

  async close(): Promise<void> {
    process.off("SIGINT", this.onSignal);
    this.out.progress.clear();
    const lab = await this.opened?.catch(() => null);
    await lab?.close();
  }
}
