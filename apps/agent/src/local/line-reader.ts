/** Cuts a stream of bytes into lines of bounded length. */
export class LineReader {
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(private readonly bytesMax: number) {}

  /** The lines that `chunk` completes; null once a line is longer than it may be. */
  take(chunk: Buffer): string[] | null {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      if (this.#bytes + end - start > this.bytesMax) return null;
      lines.push(Buffer.concat([...this.#parts, chunk.subarray(start, end)]).toString("utf8"));
      this.#parts = [];
      this.#bytes = 0;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    this.#bytes += rest.length;
    if (rest.length > 0) this.#parts.push(rest);
    return this.#bytes > this.bytesMax ? null : lines;
  }
}
