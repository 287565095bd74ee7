"use client";

import type { ProbeKind, ProbeTarget } from "@vpclab/shared/analysis/probe";
import { Radar } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { pathIds } from "../../canvas/path-points";
import { useEditor, useEditorState, useLive } from "../../canvas/editor-context";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { Segmented } from "../../ui/segmented";
import { formatElapsed, useElapsed } from "../../ui/use-elapsed";
import type { ProbeResult } from "@vpclab/shared/wire/live";
import { EndSelect, INTERNET_CHOICE } from "./end-select";
import { ProbeAnswer } from "./probe-answer";

const KINDS = [{ value: "ping", label: "Ping" }, { value: "tcp", label: "TCP port" }, { value: "http", label: "HTTP" }] as const;
const PORT_UNSET = "80";

/** Sends a real packet and shows what it did, beside what the drawing promised. */
export function TestTab() {
  const { api, gestures } = useEditor();
  const document = useEditorState((state) => state.document);
  const selection = useEditorState((state) => state.selection);
  const online = useLive((live) => live.host?.online ?? false);
  const portId = useId();
  const [source, setSource] = useState<string | null>(null);
  const [target, setTarget] = useState<string | null>(null);
  const [kind, setKind] = useState<ProbeKind>("ping");
  const [port, setPort] = useState<string | null>(null);
  const [startedAt, setStartedAt] = useState<number | null>(null);
  const [result, setResult] = useState<ProbeResult | null>(null);
  const [error, setError] = useState<string | null>(null);
  const elapsed = useElapsed(startedAt, null);

  // What is selected is what is meant: first the source, then the target.
  const chosen = [...selection].filter((id) => document.instances.some((instance) => instance.id === id));
  const ids = document.instances.map(({ id }) => id);
  const sourceId = valid(source, ids) ?? chosen[0] ?? ids[0] ?? null;
  const targetId = valid(target, [...ids, INTERNET_CHOICE]) ?? chosen.find((id) => id !== sourceId) ?? ids.find((id) => id !== sourceId) ?? INTERNET_CHOICE;
  const webPort = document.instances.find(({ id }) => id === targetId)?.webServer?.port;
  const portText = port ?? String(webPort ?? PORT_UNSET);
  const portNumber = /^\d{1,5}$/.test(portText) ? Number(portText) : NaN;
  const portError = kind !== "ping" && !(portNumber >= 1 && portNumber <= 65535) ? "1 to 65535" : null;

  useEffect(() => () => gestures.setState({ path: null }), [gestures]);

  const run = async () => {
    if (!sourceId || portError) return;
    setStartedAt(Date.now());
    setError(null);
    setResult(null);
    gestures.setState({ path: null });
    const probeTarget: ProbeTarget = targetId === INTERNET_CHOICE ? { internet: true } : { instanceId: targetId };
    try {
      const answer = await api.probe({ sourceId, target: probeTarget, kind, port: kind === "ping" ? null : portNumber });
      setResult(answer);
      gestures.setState({ path: { ids: pathIds(answer.path), reached: answer.outcome !== "timeout" } });
    } catch (thrown) {
      setError(api.failureOf(thrown).message);
    }
    setStartedAt(null);
  };

  if (ids.length === 0) return <p className="p-4 text-sm text-muted">Draw an instance first: packets need somebody to send them.</p>;
  return (
    <div className="flex h-full min-h-0">
      <form
        aria-label="Reachability test"
        className="flex w-96 shrink-0 flex-col gap-3 overflow-y-auto border-r border-line p-3"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <EndSelect label="Source" value={sourceId} onChange={setSource} />
        <EndSelect label="Target" value={targetId} onChange={setTarget} internet />
        <div className="flex items-end gap-2">
          <div className="flex-1"><Segmented<ProbeKind> label="Kind" value={kind} options={KINDS} onChange={setKind} /></div>
          {kind === "ping" ? null : (
            <div className="w-24">
              <label htmlFor={portId} className="text-xs text-muted">Port</label>
              <input
                id={portId}
                value={portText}
                inputMode="numeric"
                aria-invalid={portError !== null}
                onChange={(event) => setPort(event.target.value)}
                className={`numeric h-8 w-full rounded-box border bg-surface px-2 text-sm ${portError ? "border-bad" : "border-line"}`}
              />
            </div>
          )}
        </div>
        {portError ? <p role="alert" className="text-xs text-bad">{`The port must be ${portError}.`}</p> : null}
        <Button type="submit" look="primary" disabled={!online || startedAt !== null || portError !== null} title={online ? undefined : "No host is online"}>
          <Radar className="size-4" aria-hidden />
          {startedAt === null ? "Run" : `Waiting for the packet, ${formatElapsed(elapsed)}`}
        </Button>
      </form>
      <div className="min-w-0 flex-1 overflow-y-auto p-4">
        {error ? <ErrorLine>{error}</ErrorLine> : null}
        {result ? <ProbeAnswer result={result} /> : error ? null : <p className="text-sm text-muted">Choose both ends and press Run. The packet is real; its way lights up on the canvas.</p>}
      </div>
    </div>
  );
}

const valid = (id: string | null, ids: readonly string[]): string | null => (id !== null && ids.includes(id) ? id : null);
