"use client";

import type { Verdict } from "@vpclab/shared/analysis/verdict";
import { Activity } from "lucide-react";
import { useEffect, useState } from "react";
import { useEditor, useLive, useScene } from "../../canvas/state/editor-context";
import { objectName } from "../../canvas/scene/object-name";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { formatBytes } from "../../ui/format-rate";
import { decidingCounter } from "./deciding-counter";
import type { DecidingCounter } from "./deciding-counter";

const WATCH_MS = 3_000;

interface Hits {
  readonly packets: number;
  readonly bytes: number;
}

/** How often the rule that decides was hit, in the kernel, while somebody watches. */
export function DecisionHits({ verdict }: { readonly verdict: Verdict }) {
  const { index } = useScene();
  const online = useLive(({ host }) => host?.online ?? false);
  const [watched, setWatched] = useState(false);
  const counter = decidingCounter(index, verdict);
  if (!counter) return null;
  return (
    <div role="group" aria-label="Hits of the deciding rule" className="flex flex-wrap items-center gap-2 text-xs">
      <Button size="sm" aria-pressed={watched} disabled={!online} title={online ? undefined : "No host is online"} onClick={() => setWatched(!watched)}>
        <Activity className="size-3.5" aria-hidden />{watched ? "Stop watching" : "Watch hits"}
      </Button>
      <span className="text-muted">{`of the rule in ${objectName(index, counter.by) ?? counter.by}`}</span>
      {watched ? <Watched key={`${counter.objectId} ${counter.counter}`} counter={counter} /> : null}
    </div>
  );
}

function Watched({ counter: { objectId, counter } }: { readonly counter: DecidingCounter }) {
  const { api } = useEditor();
  const [hits, setHits] = useState<Hits | "none" | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let over = false;
    const read = async () => {
      try {
        const { counters } = await api.inspect(objectId);
        if (over) return;
        setHits(counters[counter] ?? "none");
        setError(null);
      } catch (thrown) {
        if (!over) setError(api.failureOf(thrown).message);
      }
    };
    void read();
    const timer = setInterval(() => void read(), WATCH_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [api, objectId, counter]);
  if (error) return <ErrorLine>{error}</ErrorLine>;
  if (hits === null) return <span className="text-muted">Reading the kernel</span>;
  if (hits === "none") return <span className="text-muted">This rule is not in the kernel. Apply the drawing first.</span>;
  return <output className="numeric font-medium">{`${hits.packets.toLocaleString("en")} packets, ${formatBytes(hits.bytes)}`}</output>;
}
