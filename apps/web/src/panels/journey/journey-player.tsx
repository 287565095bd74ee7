"use client";

import type { ProbeOutcome } from "@vpclab/shared/analysis/probe";
import type { Verdict } from "@vpclab/shared/analysis/verdict";
import { ArrowLeft, ArrowRight, CircleCheck, CircleHelp, CircleX, Pause, Play, RotateCcw, StepBack, StepForward } from "lucide-react";
import { useEffect, useRef } from "react";
import type { KeyboardEvent } from "react";
import { useEditor, useScene } from "../../canvas/state/editor-context";
import { select } from "../../canvas/state/editor-store";
import type { JourneyStop } from "../../canvas/scene/journey";
import { IconButton } from "../../ui/icon-button";
import { ruleInWords } from "../dock/rule-in-words";
import { useJourney } from "./use-journey";

interface JourneyPlayerProps {
  readonly verdict: Verdict;
  /** null: no packet was sent; what is shown is the promise. */
  readonly outcome: ProbeOutcome | null;
}

const SIGNS = { pass: { icon: CircleCheck, tone: "text-ok", word: "passes" }, stop: { icon: CircleX, tone: "text-bad", word: "stops" }, unknown: { icon: CircleHelp, tone: "text-warn", word: "unknown" } } as const;

/** A packet followed on the canvas, place by place; this says what each place did to it. Space, arrow keys and Home work inside. */
export function JourneyPlayer({ verdict, outcome }: JourneyPlayerProps) {
  const { stops, step, playing, atEnd, go, replay, toggle } = useJourney(verdict, outcome);
  const { index } = useScene();
  const current = stops[step];
  if (!current) return <p className="text-sm text-muted">No packet can be sent, so there is nothing to follow.</p>;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowRight") go(step + 1);
    else if (event.key === "ArrowLeft") go(step - 1);
    else if (event.key === "Home") replay();
    else if (event.key === " " && event.target === event.currentTarget) toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section aria-label="Journey of the packet" tabIndex={0} data-step={step} onKeyDown={onKeyDown} className="flex flex-col gap-1.5 rounded-box border border-line p-2">
      <header className="flex items-center gap-1">
        <h4 className="min-w-0 flex-1 truncate text-sm font-medium">{outcome === null ? "The way as promised" : "The packet's way"}</h4>
        <span className="numeric pr-1 text-xs text-muted">{`${step + 1} of ${stops.length}`}</span>
        <IconButton label="From the beginning" keys="Home" icon={<RotateCcw className="size-4" />} onClick={replay} />
        <IconButton label="One place back" keys="←" icon={<StepBack className="size-4" />} onClick={() => go(step - 1)} disabled={step === 0} />
        <IconButton label={playing ? "Pause" : "Play"} keys="Space" icon={playing ? <Pause className="size-4" /> : <Play className="size-4" />} onClick={toggle} />
        <IconButton label="On to the next place" keys="→" icon={<StepForward className="size-4" />} onClick={() => go(step + 1)} disabled={atEnd} />
      </header>
      <p className="sr-only" aria-live="polite">{`${current.label}: ${ruleInWords(index, current.words)}`}</p>
      <ol aria-label="Places" className="relative flex max-h-56 flex-col overflow-y-auto">
        {stops.map((stop, at) => <StopRow key={at} stop={stop} number={at} current={at === step} past={at < step} onGo={() => go(at)} />)}
      </ol>
    </section>
  );
}

interface StopRowProps {
  readonly stop: JourneyStop;
  readonly number: number;
  readonly current: boolean;
  readonly past: boolean;
  readonly onGo: () => void;
}

function StopRow({ stop, number, current, past, onGo }: StopRowProps) {
  const { editor } = useEditor();
  const { index } = useScene();
  const row = useRef<HTMLLIElement>(null);
  const { icon: Sign, tone, word } = SIGNS[stop.verdict];
  const Way = stop.way === "there" ? ArrowRight : ArrowLeft;
  useEffect(() => {
    if (current) row.current?.parentElement?.scrollTo({ top: row.current.offsetTop - row.current.offsetHeight });
  }, [current]);
  return (
    <li ref={row} aria-current={current ? "step" : undefined} data-verdict={stop.verdict}>
      <button
        type="button"
        onClick={() => {
          onGo();
          if (stop.objectId !== null) select(editor, [stop.objectId]);
        }}
        className={`flex w-full items-baseline gap-1.5 rounded-[6px] px-1 py-0.5 text-left text-xs hover:bg-raised ${current ? "bg-accent-soft" : past ? "" : "text-muted"}`}
      >
        <span className="numeric w-4 shrink-0 text-right text-muted">{number + 1}</span>
        <Way className="size-3 shrink-0 translate-y-0.5 text-muted" aria-label={stop.way === "there" ? "there" : "back"} />
        <Sign className={`size-3.5 shrink-0 translate-y-0.5 ${tone}`} aria-label={word} />
        <span className="shrink-0 font-medium text-text">{stop.label}</span>
        <span className="min-w-0">{ruleInWords(index, stop.words)}</span>
      </button>
    </li>
  );
}
