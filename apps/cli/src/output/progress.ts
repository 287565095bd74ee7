import type { Sink } from "./sink";
import { renderText, widthOf } from "./text";

const DEFAULT_COLUMNS = 80;

/** How far something is: one line that changes on a terminal, a line for each step in a pipe or file. */
export class Progress {
  private shown = false;
  private last = "";

  constructor(private readonly sink: Sink, private readonly options: { readonly silent: boolean }) {}

  /** `line` for a terminal. `steps`: what is new since the last call, a line each for a pipe. */
  update(line: string, steps: readonly string[] = []): void {
    if (this.options.silent) return;
    if (this.sink.isTTY !== true) {
      for (const step of steps) this.sink.write(`${renderText(step, false)}\n`);
    } else if (line !== this.last || !this.shown) {
      this.sink.write(`\r${fit(line, (this.sink.columns ?? DEFAULT_COLUMNS) - 1)}\x1b[K`);
      this.shown = true;
      this.last = line;
    }
  }

  /** Takes the line away, so that something else can be printed. */
  clear(): void {
    if (this.shown) this.sink.write("\r\x1b[K");
    this.shown = false;
  }
}

/** A line that wrapped could not be taken away again. */
function fit(line: string, columns: number): string {
  let text = renderText(line, false);
  while (widthOf(text) > columns) text = text.slice(0, -1);
  return text;
}
