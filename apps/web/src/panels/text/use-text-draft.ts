import { writeTopologyFile } from "@vpclab/shared/file/write-topology-file";
import type { FileIssue } from "@vpclab/shared/text/file-issue";
import { yamlText } from "@vpclab/shared/text/topology-text";
import { updateTopologyText } from "@vpclab/shared/text/update-topology-text";
import type { Topology } from "@vpclab/shared/topology/topology";
import { useDeferredValue, useMemo, useState } from "react";
import { useEditor, useEditorState } from "../../canvas/state/editor-context";
import { perform } from "../../canvas/state/editor-store";
import { randomBytes } from "../../canvas/gestures/random-bytes";
import { judgeText, TEXT_NAME } from "./judge-text";

interface Draft {
  readonly text: string;
  /** What the text was written of, or applied to last. */
  readonly base: Topology;
  /** Somebody typed since. */
  readonly edited: boolean;
}

export interface TextDraft {
  readonly text: string;
  readonly edited: boolean;
  readonly issues: readonly FileIssue[];
  /** The drawing was changed while the text was edited: applying takes along what the text changes, and nothing else. */
  readonly movedOn: boolean;
  readonly type: (text: string) => void;
  readonly discard: () => void;
  /** Makes one undo step of it; answers why that is refused, or null. */
  readonly apply: () => string | null;
}

/**
 * The drawing as text. While nobody edits it, it follows the drawing; comments and order stay. An edited text is judged as it is
 * typed and applied when asked: on the way from one valid text to the next there are valid ones that would delete things, e.g. a
 * name that is typed letter by letter.
 */
export function useTextDraft(): TextDraft {
  const { editor } = useEditor();
  const name = useEditorState((state) => state.name);
  const document = useEditorState((state) => state.document);
  // A gesture does not wait for the text that follows it.
  const settled = useDeferredValue(document) === document;
  const [draft, setDraft] = useState<Draft>(() => ({ text: yamlText(writeTopologyFile(document, name)), base: document, edited: false }));
  if (!draft.edited && settled && draft.base !== document) setDraft({ text: textOf(draft.text, document, name), base: document, edited: false });
  const typed = useDeferredValue(draft.text);
  const judged = useMemo(() => (draft.edited ? judgeText(typed, { document: draft.base, name }, randomBytes) : null), [draft.edited, draft.base, typed, name]);

  const apply = (): string | null => {
    const now = judgeText(draft.text, { document: draft.base, name }, randomBytes);
    if (!now.ok) return now.error[0]?.message ?? null;
    if (now.value) {
      const done = perform(editor, { label: "Edit as text", command: now.value, layoutPatch: {} });
      if (!done.ok) return done.error.map(({ message }) => message).slice(0, 2).join(" ");
    }
    const base = editor.getState().document;
    setDraft({ text: textOf(draft.text, base, name), base, edited: false });
    return null;
  };
  return {
    text: draft.text,
    edited: draft.edited,
    issues: judged && !judged.ok ? judged.error : [],
    movedOn: draft.edited && draft.base !== document,
    type: (text) => setDraft({ ...draft, text, edited: true }),
    discard: () => setDraft({ text: yamlText(writeTopologyFile(document, name)), base: document, edited: false }),
    apply,
  };
}

/** The same text where it says the same already. */
const textOf = (before: string, document: Topology, name: string): string =>
  updateTopologyText({ name: TEXT_NAME, text: before }, document, name, randomBytes).text;
