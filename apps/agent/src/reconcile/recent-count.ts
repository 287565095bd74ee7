/** How often something was in the last while. Forgets by itself, so that it does not grow beyond what a limit lets happen. */
export class RecentCount {
  #times: number[] = [];

  constructor(private readonly windowMs: number, private readonly nowMs: () => number = () => performance.now()) {}

  add(): void {
    this.#times.push(this.nowMs());
  }

  count(): number {
    const since = this.nowMs() - this.windowMs;
    const first = this.#times.findIndex((time) => time > since);
    this.#times = first < 0 ? [] : this.#times.slice(first);
    return this.#times.length;
  }
}
