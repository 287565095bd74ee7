import { useEffect, useMemo, useState } from "react";
import type { ProbeOutcome } from "@vpclab/shared/analysis/probe";
import type { Verdict } from "@vpclab/shared/analysis/verdict";
import { useEditor } from "../../canvas/state/editor-context";
import { journeyOf, placesOf } from "../../canvas/scene/journey";

/** A step's travel and time to read what happened. */
const STEP_MS = 1_700;

/** A packet's journey and how far it is shown; it sets out by itself, unless motion is not wanted. */
export function useJourney(verdict: Verdict, outcome: ProbeOutcome | null) {
  const { gestures } = useEditor();
  const stops = useMemo(() => journeyOf(verdict, outcome), [verdict, outcome]);
  const ids = useMemo(() => ({ there: placesOf(verdict.there).ids, back: placesOf(verdict.back).ids }), [verdict]);
  const [step, setStep] = useState(0);
  const [playing, setPlaying] = useState(() => !matchMedia("(prefers-reduced-motion: reduce)").matches);
  const last = stops.length - 1;
  const runs = playing && step < last;

  useEffect(() => {
    if (!runs) return;
    const timer = setTimeout(() => setStep((now) => Math.min(last, now + 1)), STEP_MS);
    return () => clearTimeout(timer);
  }, [runs, step, last]);

  useEffect(() => {
    const stop = stops[step];
    if (!stop) return;
    const before = stops[step - 1];
    const from = before?.way === stop.way ? before.place : stop.way === "back" ? 0 : stop.place;
    gestures.setState({ packet: { way: stop.way, ids: ids[stop.way], from, to: stop.place, step, verdict: stop.verdict } });
  }, [gestures, stops, ids, step]);
  useEffect(() => () => gestures.setState({ packet: null }), [gestures]);

  const go = (to: number) => {
    setPlaying(false);
    setStep(Math.max(0, Math.min(last, to)));
  };
  const replay = () => {
    setStep(0);
    setPlaying(true);
  };
  return { stops, step, playing: runs, atEnd: step >= last, go, replay, toggle: () => (step >= last ? replay() : setPlaying(!playing)) };
}
