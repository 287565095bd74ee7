import type { FieldPath, Issue } from "../errors/issue";
import type { EditCommand } from "../topology/edit-command";
import type { RandomBytes } from "../topology/ids";

/** What one click does about a hint. */
export interface HintFix {
  /** On the button, e.g. `Delete the rule`. */
  readonly label: string;
  /** For the document that the hint is about: one undo step, accepted by `applyEdit`, after which this hint is gone. */
  readonly command: (random: RandomBytes) => EditCommand;
}

/** Something that is allowed but does nothing, or not what it looks like. Never a refusal. */
export interface Hint {
  readonly code: Issue["code"];
  readonly objectId: string;
  /** Where in the document, as of an issue. */
  readonly path: FieldPath;
  /** One sentence: what is so, and what to do about it. */
  readonly message: string;
  /** null: it takes a decision. */
  readonly fix: HintFix | null;
}

/** A fix whose command needs no new id. */
export const plainFix = (label: string, command: EditCommand): HintFix => ({ label, command: () => command });
