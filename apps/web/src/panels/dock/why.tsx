"use client";

import type { Verdict } from "@vpclab/shared/analysis/verdict";
import { Ban, CircleCheck, CornerDownRight } from "lucide-react";
import { useEditor, useScene } from "../../canvas/state/editor-context";
import { select } from "../../canvas/state/editor-store";
import { objectName } from "../../canvas/scene/object-name";
import { HopList } from "./hop-list";
import { decidingRule, ruleInWords } from "./rule-in-words";

/** What the drawing promises, and why: the sentence, the one rule or route that decides, the way there and back. */
export function Why({ verdict }: { readonly verdict: Verdict }) {
  const { index } = useScene();
  const Sign = verdict.reachable ? CircleCheck : Ban;
  return (
    <section aria-label="Why" data-reachable={verdict.reachable} data-code={verdict.decision.code} className="flex flex-col gap-2">
      <h3 className="flex flex-wrap items-center gap-2 text-base font-semibold">
        <Sign className={`size-4 ${verdict.reachable ? "text-ok" : "text-bad"}`} aria-hidden />
        {verdict.reachable ? "Reachable" : "Not reachable"}
        <span className="numeric rounded-full bg-raised px-2 text-xs font-normal text-muted">{verdict.decision.code}</span>
      </h3>
      <p className="text-sm">{ruleInWords(index, verdict.why)}</p>
      <DecisionLink verdict={verdict} />
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        <HopList label="There" hops={verdict.there} />
        <HopList label="Back" hops={verdict.back} />
      </div>
    </section>
  );
}

/** The way to the rule: its object is selected, and the row stands out in the inspector. */
function DecisionLink({ verdict }: { readonly verdict: Verdict }) {
  const { editor, gestures } = useEditor();
  const { index } = useScene();
  const { objectId, rule } = verdict.decision;
  const name = objectId === null ? null : objectName(index, objectId);
  if (objectId === null || name === null) return null;
  const words = rule === null ? name : `${name}, ${decidingRule(index, objectId, rule)}`;
  return (
    <button
      type="button"
      onClick={() => {
        gestures.setState({ row: rule === null ? null : { objectId, rule } });
        select(editor, [objectId]);
      }}
      className="flex items-center gap-1.5 self-start rounded-[6px] text-sm text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
    >
      <CornerDownRight className="size-3.5" aria-hidden />
      {`Decided by ${words}`}
    </button>
  );
}
