import type { Hint } from "@vpclab/shared/hints/hint";
import { hintsOf } from "@vpclab/shared/hints/hints-of";
import type { Topology } from "@vpclab/shared/topology/topology";
import { useDeferredValue, useMemo } from "react";
import { useEditorState } from "../canvas/state/editor-context";

/** Several panels ask about the same document. */
const known = new WeakMap<Topology, readonly Hint[]>();

function hintsAbout(document: Topology): readonly Hint[] {
  const hints = known.get(document) ?? hintsOf(document);
  known.set(document, hints);
  return hints;
}

/** Hints about the drawing as it is; a moment later than the gesture, which never waits for them. */
export function useHints(): readonly Hint[] {
  const document = useDeferredValue(useEditorState((state) => state.document));
  return useMemo(() => hintsAbout(document), [document]);
}
