export const COMMAND_SECTIONS = ["Edit", "Add", "Connect", "Arrange", "View", "Host"] as const;
export type CommandSection = (typeof COMMAND_SECTIONS)[number];

/** Something that a person can do in the editor. One list serves the keyboard, the command palette, the menus and the list of shortcuts. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly section: CommandSection;
  /** As in shortcut.ts; the first is the one that is shown. */
  readonly keys?: readonly string[];
  /** The browser itself turns the keys into an event (copy, cut, paste): they are shown, not listened for. */
  readonly byBrowser?: boolean;
  /** Its keys mean it in a text field, too. */
  readonly whileTyping?: boolean;
  /** What else a person may type to find it. */
  readonly words?: string;
  /** Why it cannot be done now; absent: it can. */
  readonly refusal?: string | undefined;
  readonly run: () => void;
}

/** Commands that a query names: every word of it begins a word of the label, the section or the further words. In their order. */
export function commandsFor(commands: readonly Command[], query: string): readonly Command[] {
  const asked = wordsOf(query);
  return commands
    .map((command, order) => ({ command, order, rank: rankOf(command, asked, query.trim().toLowerCase()) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => a.rank! - b.rank! || a.order - b.order)
    .map(({ command }) => command);
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/[\s/-]+/).filter(Boolean);

/** 0: the label begins so; 1: its words do; 2: found by the other words. */
function rankOf({ label, section, words = "" }: Command, asked: readonly string[], query: string): number | null {
  const covers = (known: readonly string[]) => asked.every((word) => known.some((candidate) => candidate.startsWith(word)));
  if (label.toLowerCase().startsWith(query)) return 0;
  if (covers(wordsOf(label))) return 1;
  return covers(wordsOf(`${label} ${section} ${words}`)) ? 2 : null;
}
