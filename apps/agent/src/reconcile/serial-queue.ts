/** Runs work one piece at a time, in the order it came. A piece that fails does not stop the next one. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Nothing runs and nothing waits. */
  get idle(): boolean {
    return this.#waiting === 0;
  }

  add<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#tail.then(work).finally(() => void (this.#waiting -= 1));
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
