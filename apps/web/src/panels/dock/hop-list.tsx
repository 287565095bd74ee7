"use client";

import type { Hop } from "@vpclab/shared/analysis/verdict";
import { CircleCheck, CircleX } from "lucide-react";
import { useEditor, useScene } from "../../canvas/state/editor-context";
import { select } from "../../canvas/state/editor-store";
import { ruleInWords } from "./rule-in-words";

interface HopListProps {
  readonly label: string;
  readonly hops: readonly Hop[];
}

/** The places that a packet passes, each with what let it pass or stopped it. A click shows the object that decided there. */
export function HopList({ label, hops }: HopListProps) {
  const { editor } = useEditor();
  const { index } = useScene();
  if (hops.length === 0) return null;
  return (
    <section className="min-w-60 flex-1">
      <h4 className="pb-0.5 text-xs font-medium text-muted">{label}</h4>
      <ol aria-label={label} className="flex flex-col">
        {hops.map((hop, at) => {
          const objectId = hop.by ?? hop.objectId;
          const Sign = hop.verdict === "pass" ? CircleCheck : CircleX;
          return (
            <li key={`${hop.label}${at}`} data-verdict={hop.verdict}>
              <button
                type="button"
                disabled={objectId === null}
                onClick={() => (objectId === null ? undefined : select(editor, [objectId]))}
                className="flex w-full items-baseline gap-1.5 rounded-[6px] px-1 py-0.5 text-left text-xs enabled:hover:bg-raised"
              >
                <Sign className={`size-3.5 shrink-0 translate-y-0.5 ${hop.verdict === "pass" ? "text-ok" : "text-bad"}`} aria-label={hop.verdict === "pass" ? "passes" : "stops"} />
                <span className="shrink-0 font-medium">{hop.label}</span>
                <span className="min-w-0 text-muted">{ruleInWords(index, hop.note)}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
