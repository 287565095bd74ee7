/** How much of something was in the last while. Forgets by itself, so that it does not grow beyond what a limit lets happen. */
export class RecentCount {
  #entries: { readonly at: number; readonly count: number }[] = [];

  constructor(private readonly windowMs: number, private readonly nowMs: () => number = () => performance.now()) {}

  add(count = 1): void {
    this.#entries.push({ at: this.nowMs(), count });
  }

  count(): number {
    const since = this.nowMs() - this.windowMs;
    const first = this.#entries.findIndex(({ at }) => at > since);
    this.#entries = first < 0 ? [] : this.#entries.slice(first);
    return this.#entries.reduce((total, { count }) => total + count, 0);
  }
}
