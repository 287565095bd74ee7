/** One line as a person types it at a root shell, and what must be seen. */
export interface Step {
  readonly line: string;
  readonly exit: number;
  /** Words of its output (both streams), in any order. */
  readonly says: readonly string[];
  readonly saysNot: readonly string[];
  readonly matches: readonly RegExp[];
}

/**
 * Walk-throughs as text:
 *
 *     $ the line that is typed; it ends with 0
 *     | goes on (the next line of a here-document)
 *     = 1                 it ends with this code instead
 *     > words             its output has them
 *     ! words             its output does not have them
 *     ~ expression        its output matches
 *     # a remark
 *
 * Every line that is typed is judged: at least by its exit code. Throws on anything else.
 */
export function readTranscript(text: string): Step[] {
  const steps: { line: string; exit: number; says: string[]; saysNot: string[]; matches: RegExp[] }[] = [];
  for (const raw of text.split("\n")) {
    const entry = raw.trimStart();
    const [sign, rest] = [entry.slice(0, 1), entry.slice(2)];
    const step = steps.at(-1);
    if (entry === "" || sign === "#") continue;
    if (sign === "$") steps.push({ line: rest, exit: 0, says: [], saysNot: [], matches: [] });
    else if (step && sign === "|") step.line += `\n${rest}`;
    else if (step && sign === "=") step.exit = Number(rest);
    else if (step && sign === ">") step.says.push(rest.trimEnd());
    else if (step && sign === "!") step.saysNot.push(rest.trimEnd());
    else if (step && sign === "~") step.matches.push(new RegExp(rest.trimEnd(), "m"));
    else throw new Error(`a walk-through cannot have the line: ${raw}`);
  }
  if (steps.some(({ exit }) => !Number.isInteger(exit))) throw new Error("an exit code is a number");
  return steps;
}
