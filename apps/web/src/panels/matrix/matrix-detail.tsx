"use client";

import { explainReachability } from "@vpclab/shared/analysis/reachability";
import { Map as MapIcon, Mail, Radar, X } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { PairQuestion } from "../../canvas/state/editor-api";
import { useEditor, useEditorState, useLive, useMeasurements } from "../../canvas/state/editor-context";
import { Button } from "../../ui/button";
import { IconButton } from "../../ui/icon-button";
import { DecisionHits } from "../dock/decision-hits";
import { litPath } from "../dock/lit-path";
import { flowOf } from "../dock/probe-question";
import { Why } from "../dock/why";
import { JourneyPlayer } from "../journey/journey-player";
import { useProbeRefusal } from "../people/use-probe-refusal";
import { cellWords } from "./matrix-cell-state";
import type { GridCell } from "./matrix-grid";

interface MatrixDetailProps {
  readonly question: PairQuestion;
  readonly cell: GridCell;
  readonly onMeasure: () => void;
  readonly onClose: () => void;
  /** null: the canvas is in sight already. */
  readonly onCanvas: (() => void) | null;
}

/** One pair: its way on the canvas, why the drawing promises what it promises, and what the packet did. */
export function MatrixDetail({ question, cell, onMeasure, onClose, onCanvas }: MatrixDetailProps) {
  const { gestures } = useEditor();
  const document = useEditorState((state) => state.document);
  const publicPool = useLive(({ host }) => host?.publicPool ?? false);
  const refusal = useProbeRefusal();
  const verdict = useMemo(() => explainReachability(document, flowOf(question), { publicPool }), [document, question, publicPool]);
  const outcome = cell.relation === "agrees" || cell.relation === "differs" ? cell.outcome : null;
  useEffect(() => {
    gestures.setState({ path: litPath(verdict, outcome) });
  }, [gestures, verdict, outcome]);
  useEffect(() => () => gestures.setState({ path: null, row: null }), [gestures]);
  const sentAt = useMeasurements(({ run }) => run?.startedAt ?? 0);
  const [following, setFollowing] = useState(false);
  const follow = () => {
    setFollowing(true);
    onMeasure();
    onCanvas?.();
  };
  const words = cellWords(cell.intended, cell);
  return (
    <aside aria-label="One pair" data-relation={cell.relation} className="flex w-104 max-w-[56%] shrink-0 flex-col overflow-y-auto border-l border-line">
      <header className="sticky top-0 z-10 flex flex-wrap items-center gap-x-1.5 gap-y-1 border-b border-line bg-surface px-3 py-1.5">
        <p className={`w-full text-sm font-medium ${cell.relation === "differs" ? "text-bad" : ""}`}>{words.charAt(0).toUpperCase() + words.slice(1)}</p>
        {onCanvas ? <Button size="sm" onClick={onCanvas} title="Show its way on the canvas"><MapIcon className="size-3.5" aria-hidden />Canvas</Button> : null}
        <Button size="sm" look="primary" onClick={follow} disabled={refusal !== undefined} title={refusal ?? "Sends a packet and shows its way on the canvas"}><Mail className="size-3.5" aria-hidden />Send and follow</Button>
        <Button size="sm" onClick={onMeasure} disabled={refusal !== undefined} title={refusal}><Radar className="size-3.5" aria-hidden />Measure</Button>
        <IconButton label="Close" keys="Esc" icon={<X className="size-4" />} onClick={onClose} className="ml-auto" />
      </header>
      <div className="flex flex-col gap-3 p-3">
        {following && outcome !== null ? <JourneyPlayer key={sentAt} verdict={verdict} outcome={outcome} /> : null}
        <DecisionHits verdict={verdict} />
        <Why verdict={verdict} />
      </div>
    </aside>
  );
}
