"use client";

import type { Difference } from "@vpclab/shared/topology/diff";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useMemo, useState } from "react";
import { compareDocuments } from "../../canvas/scene/compare-documents";
import type { Drawing } from "../../canvas/scene/compare-documents";
import { useEditor, useEditorState } from "../../canvas/state/editor-context";
import type { Editor } from "../../canvas/state/editor-context";
import { createQuietEditor } from "../../canvas/state/quiet-editor";

/** What a revision is compared with: another one, what is on the canvas now, or nothing. */
export type Against = number | "now" | null;

/** An earlier state on the canvas. */
export interface PastView {
  readonly editor: Editor;
  readonly revision: number;
  /** The document of `revision`, as it was. */
  readonly drawing: Drawing;
  readonly differences: readonly Difference[] | null;
  /** What single objects are looked at beside: what it is compared with, else what is drawn now. */
  readonly beside: { readonly document: Topology; readonly title: string; readonly isLater: boolean };
}

export interface History {
  /** Chosen; it is on the canvas as soon as it is here. */
  readonly revision: number | null;
  readonly against: Against;
  readonly view: PastView | null;
  readonly error: unknown;
  show(revision: number): void;
  compare(against: Against): void;
  /** Back to now. */
  leave(): void;
}

/** Which revision is looked at. The drawing that is edited goes on beneath it, untouched. */
export function useHistory(): History {
  const { editor, api } = useEditor();
  const [revision, setRevision] = useState<number | null>(null);
  const [against, setAgainst] = useState<Against>(null);
  const [quiet] = useState(() => {
    const { topologyId: id, name, document, layout, stored } = editor.getState();
    return createQuietEditor({ id, name, document, layout, revision: stored.revision }, api);
  });
  const chosen = useRevision(revision);
  const other = useRevision(typeof against === "number" ? against : null);
  const now = useNow();
  const shown = useMemo(() => drawn(revision, chosen.data, against, against === "now" ? now : other.data), [revision, chosen.data, against, now, other.data]);

  useLayoutEffect(() => {
    // What is selected stays so: one object is followed through time.
    if (shown) quiet.editor.setState({ document: shown.drawing.document, layout: shown.drawing.layout });
  }, [quiet, shown]);

  return {
    revision, against, error: chosen.error ?? other.error,
    view: shown && chosen.data
      ? { editor: quiet, revision: chosen.data.revision, drawing: chosen.data, differences: shown.differences, beside: besideOf(chosen.data.revision, against, other.data, now) }
      : null,
    show: setRevision,
    compare: setAgainst,
    leave: () => {
      quiet.editor.setState({ selection: new Set() });
      setRevision(null);
      setAgainst(null);
    },
  };
}

function drawn(revision: number | null, chosen: TopologySnapshot | undefined, against: Against, other: Drawing | undefined) {
  if (revision === null || !chosen) return null;
  if (against === null || !other) return { drawing: chosen, differences: null };
  const isLater = against === "now" || against > revision;
  return compareDocuments(isLater ? chosen : other, isLater ? other : chosen);
}

function besideOf(revision: number, against: Against, other: TopologySnapshot | undefined, now: Drawing): PastView["beside"] {
  if (typeof against !== "number" || !other) return { document: now.document, title: "what is drawn now", isLater: true };
  return { document: other.document, title: `revision ${other.revision}`, isLater: other.revision > revision };
}

/** Revisions never change, so each is asked for once. The one before stays until the next is here. */
function useRevision(revision: number | null) {
  const { api } = useEditor();
  const topologyId = useEditorState((state) => state.topologyId);
  const { data, error } = useQuery({
    queryKey: ["revision", topologyId, revision],
    queryFn: () => api.revision(revision ?? 0),
    enabled: revision !== null, staleTime: Infinity, gcTime: 60_000, placeholderData: keepPreviousData,
  });
  return { data: revision === null ? undefined : data, error };
}

function useNow(): Drawing {
  const document = useEditorState((state) => state.document);
  const layout = useEditorState((state) => state.layout);
  return useMemo(() => ({ document, layout }), [document, layout]);
}
