import { NftContext } from "../host/libnftables";

/** Longer than the kernel takes to let go of what a transaction deleted (some 13 ms): freeing sooner would wait for that. */
const REST_MS = 100;
/** A context takes some 200 KiB. */
const RESTING_MAX = 64;

/** Contexts that have run their transaction and rest before they are freed. They keep their namespaces alive until then. */
export class NftContexts {
  private resting: { readonly key: string; readonly context: NftContext; readonly since: number }[] = [];
  private timer: NodeJS.Timeout | null = null;

  /** Runs one transaction in the namespace in which this thread is. Null, or what nft complained about. */
  run(key: string, script: string): string | null {
    const context = new NftContext();
    const result = context.run(script);
    this.rest(key, context);
    return result.ok ? null : result.error;
  }

  /** Frees those of one namespace at once. */
  drop(key: string): void {
    this.free((entry) => entry.key === key);
  }

  private rest(key: string, context: NftContext): void {
    const now = performance.now();
    const surplus = this.resting.length >= RESTING_MAX ? this.resting[0] : undefined;
    this.resting.push({ key, context, since: now });
    this.free((entry) => entry === surplus || now - entry.since > REST_MS);
    this.timer ??= setTimeout(() => this.wake(), REST_MS * 2).unref();
  }

  private wake(): void {
    this.timer = null;
    const now = performance.now();
    this.free((entry) => now - entry.since > REST_MS);
    if (this.resting.length > 0) this.timer = setTimeout(() => this.wake(), REST_MS).unref();
  }

  private free(which: (entry: (typeof this.resting)[number]) => boolean): void {
    const gone = this.resting.filter(which);
    this.resting = this.resting.filter((entry) => !gone.includes(entry));
    for (const { context } of gone) context.free();
  }
}
