"use client";

import { explainReachability } from "@vpclab/shared/analysis/reachability";
import type { ProbeKind } from "@vpclab/shared/analysis/probe";
import type { ProbeResult } from "@vpclab/shared/wire/live";
import { Radar } from "lucide-react";
import { useEffect, useId, useMemo, useState } from "react";
import type { ProbeQuestion } from "../../canvas/state/editor-api";
import { useEditor, useEditorState, useLive } from "../../canvas/state/editor-context";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { Segmented } from "../../ui/segmented";
import { formatElapsed, useElapsed } from "../../ui/use-elapsed";
import { JourneyPlayer } from "../journey/journey-player";
import { useProbeRefusal } from "../people/use-probe-refusal";
import { EndSelect } from "./end-select";
import { litPath } from "./lit-path";
import { ProbeAnswer } from "./probe-answer";
import { flowOf, settleChoice } from "./probe-question";
import type { Choice } from "./probe-question";
import { Why } from "./why";

const KINDS = [{ value: "ping", label: "Ping" }, { value: "tcp", label: "TCP" }, { value: "udp", label: "UDP" }, { value: "http", label: "HTTP" }] as const;
const NOTHING_CHOSEN: Choice = { source: null, target: null, kind: "ping", port: null };

/** What the drawing promises for a packet, before any is sent, and what a real one does. */
export function TestTab() {
  const { gestures } = useEditor();
  const document = useEditorState((state) => state.document);
  const selection = useEditorState((state) => state.selection);
  const publicPool = useLive(({ host }) => host?.publicPool ?? false);
  const [choice, setChoice] = useState(NOTHING_CHOSEN);
  const settled = settleChoice(document, selection, choice);
  const key = JSON.stringify(settled.question);
  const question = useMemo(() => JSON.parse(key) as ProbeQuestion | null, [key]);
  const verdict = useMemo(() => (question ? explainReachability(document, flowOf(question), { publicPool }) : null), [document, question, publicPool]);
  const { run, result, error, startedAt } = useProbe(question, key);

  useEffect(() => {
    gestures.setState({ path: verdict ? litPath(result?.expected ?? verdict, result?.outcome ?? null) : null });
  }, [gestures, verdict, result]);
  useEffect(() => () => gestures.setState({ path: null, row: null }), [gestures]);

  if (document.instances.length === 0) return <p className="p-4 text-sm text-muted">Draw an instance first: packets need somebody to send them.</p>;
  const change = (part: Partial<Choice>) => {
    // What was derived so far stays, so that selecting a rule's object does not change the question.
    setChoice({ ...choice, source: settled.source, target: settled.target, ...part });
  };
  return (
    <div className="flex h-full min-h-0">
      <form
        aria-label="Reachability test"
        className="flex w-80 shrink-0 flex-col gap-2.5 overflow-y-auto border-r border-line p-3"
        onFocus={() => (choice.source === null ? change({}) : undefined)}
        onSubmit={(event) => {
          event.preventDefault();
          change({});
          void run();
        }}
      >
        <EndSelect label="Source" value={settled.source} onChange={(source) => change({ source })} />
        <EndSelect label="Target" withPublic value={settled.target} onChange={(target) => change({ target, port: null })} />
        <div className="flex flex-wrap items-end gap-2">
          <div className="min-w-48 flex-1"><Segmented<ProbeKind> label="Kind" value={choice.kind} options={KINDS} onChange={(kind) => change({ kind })} /></div>
          {choice.kind === "ping" ? null : <PortField text={settled.portText} wrong={settled.question === null} onChange={(port) => change({ port })} />}
        </div>
        <RunButton startedAt={startedAt} ready={question !== null} />
      </form>
      <div className="@container min-w-0 flex-1 overflow-y-auto">
        {/* Side by side where there is room for both; else what was measured comes first. */}
        <div className="flex flex-col gap-4 p-4 @4xl:flex-row @4xl:gap-8">
          <div className="order-last min-w-0 @4xl:order-none @4xl:flex-[2]">{verdict ? <Why verdict={verdict} /> : null}</div>
          <div className="min-w-0 @4xl:flex-1">
            {error ? <ErrorLine>{error}</ErrorLine> : null}
            {result ? <div className="flex flex-col gap-3"><ProbeAnswer result={result} /><JourneyPlayer key={result.probeId} verdict={result.expected} outcome={result.outcome} /></div> : error ? null : (
              <p className="text-sm text-muted">{startedAt === null ? "This is what the drawing promises. Run sends a real packet." : "The packet is on its way."}</p>
            )}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Sends the question; an answer belongs to the question that it was given for and goes with it. */
function useProbe(question: ProbeQuestion | null, key: string) {
  const { api, gestures, autosave } = useEditor();
  const [startedAt, setStartedAt] = useState<number | null>(null);
  const [answer, setAnswer] = useState<{ readonly key: string; readonly result: ProbeResult | null; readonly error: string | null } | null>(null);
  const run = async () => {
    if (!question || startedAt !== null) return;
    setStartedAt(Date.now());
    setAnswer(null);
    gestures.setState({ row: null });
    try {
      await autosave.flush();
      setAnswer({ key, result: await api.probe(question), error: null });
    } catch (thrown) {
      setAnswer({ key, result: null, error: api.failureOf(thrown).message });
    }
    setStartedAt(null);
  };
  const own = answer?.key === key ? answer : null;
  return { run, startedAt, result: own?.result ?? null, error: own?.error ?? null };
}

function PortField({ text, wrong, onChange }: { readonly text: string; readonly wrong: boolean; readonly onChange: (text: string) => void }) {
  const id = useId();
  return (
    <>
      <label htmlFor={id} className="sr-only">Port</label>
      <input
        id={id}
        value={text}
        inputMode="numeric"
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-error` : undefined}
        onChange={(event) => onChange(event.target.value)}
        title="Port"
        className={`numeric h-8 w-18 rounded-box border bg-surface px-2 text-sm ${wrong ? "border-bad" : "border-line"}`}
      />
      {wrong ? <p id={`${id}-error`} role="alert" className="w-full text-xs text-bad">The port must be 1 to 65535.</p> : null}
    </>
  );
}

function RunButton({ startedAt, ready }: { readonly startedAt: number | null; readonly ready: boolean }) {
  const refusal = useProbeRefusal();
  const elapsed = useElapsed(startedAt, null);
  return (
    <Button type="submit" look="primary" disabled={refusal !== undefined || startedAt !== null || !ready} title={refusal}>
      <Radar className="size-4" aria-hidden />
      {startedAt === null ? "Run" : `Waiting for the packet, ${formatElapsed(elapsed)}`}
    </Button>
  );
}
