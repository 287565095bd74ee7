import type { CommandOutline, OptionOutline } from "./command-outline";

/** What could stand where the cursor is: words to choose from, or names of something that only a lab knows. */
export interface Completion {
  readonly words: readonly { readonly word: string; readonly summary: string }[];
  /** Name of the argument or of the option's value, e.g. `vpc`; null: nothing is known about it. */
  readonly wants: string | null;
}

const NOTHING: Completion = { words: [], wants: null };

/** Completes the last of `words`, which stand behind the program's name; the last may be empty. */
export function completeWords(program: CommandOutline, words: readonly string[]): Completion {
  const at = walk(program, words.slice(0, -1));
  const typed = words.at(-1) ?? "";
  if (at.behindDashes) return NOTHING;
  if (at.pending) return at.pending.choices.length > 0 ? plain(at.pending.choices) : { words: [], wants: at.pending.value };
  if (typed.startsWith("-")) return { words: optionWords([program, ...at.path]), wants: null };
  const here = at.path.at(-1) ?? program;
  if (here.commands.length > 0) return { words: commandWords(here), wants: null };
  const argument = here.args[at.positions] ?? here.args.findLast(({ variadic }) => variadic);
  return argument ? { words: [], wants: argument.name } : NOTHING;
}

interface Place {
  /** Noun and verb, as far as typed. */
  readonly path: readonly CommandOutline[];
  /** Arguments before the cursor. */
  readonly positions: number;
  /** An option that waits for its value. */
  readonly pending: OptionOutline | null;
  /** `--` was typed: what follows belongs to another program. */
  readonly behindDashes: boolean;
}

function walk(program: CommandOutline, typed: readonly string[]): Place {
  const path: CommandOutline[] = [];
  let positions = 0;
  let pending: OptionOutline | null = null;
  for (const word of typed) {
    const here: CommandOutline = path.at(-1) ?? program;
    if (pending) pending = null;
    else if (word === "--") return { path, positions, pending, behindDashes: true };
    else if (word.startsWith("-")) pending = waiting([...path, program], word);
    else {
      const next = here.commands.find(({ names }) => names.includes(word));
      if (next) path.push(next);
      else positions += 1;
    }
  }
  return { path, positions, pending, behindDashes: false };
}

const waiting = (commands: readonly CommandOutline[], word: string): OptionOutline | null =>
  commands.flatMap(({ options }) => options).find(({ flags, value }) => value !== null && flags.includes(word)) ?? null;

const plain = (words: readonly string[]): Completion => ({ words: words.map((word) => ({ word, summary: "" })), wants: null });

const commandWords = ({ commands }: CommandOutline): Completion["words"] =>
  commands.filter(({ hidden }) => !hidden).map(({ names, summary }) => ({ word: names[0] ?? "", summary }));

function optionWords(commands: readonly CommandOutline[]): Completion["words"] {
  const words = new Map<string, string>();
  for (const { options } of [...commands].reverse()) {
    for (const { flags, summary } of options) {
      const long = flags.find((flag) => flag.startsWith("--"));
      if (long !== undefined && !words.has(long)) words.set(long, summary);
    }
  }
  return [...words].map(([word, summary]) => ({ word, summary }));
}
