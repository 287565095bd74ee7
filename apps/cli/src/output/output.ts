import { Progress } from "./progress";
import type { Sink } from "./sink";
import { type Column, tableLines } from "./table";
import { renderText, type Text } from "./text";

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Colours are wanted where a terminal is. */
  readonly color: boolean;
}

/**
 * Where results and remarks go. Results: standard output, text for people or, with `--json`, one JSON value and nothing else.
 * Remarks and progress: standard error, nothing with `--quiet`.
 */
export class Output {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly progress: Progress;
  private readonly colorOut: boolean;
  private readonly colorErr: boolean;

  constructor(private readonly stdout: Sink, private readonly stderr: Sink, private readonly options: OutputOptions) {
    this.json = options.json;
    this.verbose = options.verbose;
    this.colorOut = options.color && stdout.isTTY === true;
    this.colorErr = options.color && stderr.isTTY === true;
    this.progress = new Progress(stderr, { silent: options.quiet || options.json });
  }

  /** The screen can be drawn anew: standard output is a terminal and text is wanted. */
  get live(): boolean {
    return this.stdout.isTTY === true && !this.json;
  }

  /** A line of a query's answer; only text for people, so nothing with `--json`. */
  line(text: Text = ""): void {
    if (!this.json) this.stdout.write(`${renderText(text, this.colorOut)}\n`);
  }

  /** A result line of something that was done; nothing with `--json` or `--quiet`. */
  done(text: Text): void {
    if (!this.options.quiet) this.line(text);
  }

  table(columns: readonly Column[], rows: readonly (readonly Text[])[]): void {
    if (this.json) return;
    for (const line of tableLines(columns, rows, this.colorOut)) this.stdout.write(`${line}\n`);
  }

  /** The one JSON value; nothing without `--json`. Control characters are escaped by JSON itself. */
  value(value: unknown): void {
    if (this.json) this.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** One of many JSON values, one a line: what goes on for a while. */
  record(value: unknown): void {
    if (this.json) this.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Text as it is, for scripts and files that are printed: its line ends stay, other control characters are escaped. */
  raw(text: string): void {
    for (const line of text.replace(/\n$/, "").split("\n")) this.stdout.write(`${line.split("\t").map((part) => renderText(part, false)).join("\t")}\n`);
  }

  /** Draws over what this call drew before: `lines` back up, then to the end of the screen. */
  redraw(linesBefore: number): void {
    if (this.live && linesBefore > 0) this.stdout.write(`\x1b[${linesBefore}A\x1b[J`);
  }

  /** A remark beside the result. */
  note(text: Text): void {
    if (!this.options.quiet) this.problem(text);
  }

  /** A line about something wrong; printed with `--quiet`, too. */
  problem(text: Text): void {
    this.progress.clear();
    this.stderr.write(`${renderText(text, this.colorErr)}\n`);
  }
}
