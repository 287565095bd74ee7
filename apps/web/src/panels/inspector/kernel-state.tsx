"use client";

import type { InspectedPart } from "@vpclab/shared/wire/live";
import { RefreshCw } from "lucide-react";
import { useLive } from "../../canvas/state/editor-context";
import { HOST_ID } from "../../canvas/scene/scene";
import { Button } from "../../ui/button";
import { CopyButton } from "../../ui/copy-button";
import { ErrorLine } from "../../ui/error-line";
import { formatElapsed, useElapsed } from "../../ui/use-elapsed";
import { useInspection } from "./use-inspection";

/** What the kernel holds of an object now: read when asked, by the commands that a person would type. */
export function KernelState({ id }: { readonly id: string }) {
  const online = useLive(({ host }) => host?.online ?? false);
  const { read, startedAt, inspection, error } = useInspection(id);
  const elapsed = useElapsed(startedAt, null);
  const waits = startedAt !== null;
  return (
    <section aria-label="In the kernel now" className="flex flex-col gap-2">
      <header className="flex items-center gap-2">
        <h3 className="flex-1 text-sm font-medium">In the kernel now</h3>
        {inspection ? <time className="numeric text-xs text-muted" dateTime={new Date(inspection.readAt).toISOString()}>{new Date(inspection.readAt).toLocaleTimeString("en-GB")}</time> : null}
        <Button size="sm" onClick={read} disabled={!online || waits} title={online ? undefined : "No host is online"}>
          <RefreshCw className="size-3.5" aria-hidden />{waits ? `Reading, ${formatElapsed(elapsed)}` : inspection ? "Read again" : "Read"}
        </Button>
      </header>
      {error ? <ErrorLine>{error}</ErrorLine> : null}
      {inspection?.parts.map((part) => <Part key={part.command} part={part} />)}
      {inspection && inspection.leftOut > 0 ? <p className="text-xs text-muted">{id === HOST_ID ? `${inspection.leftOut} more links of the host were not read.` : `${inspection.leftOut} more namespaces hold the same and were not read.`}</p> : null}
      {inspection || error ? null : <p className="text-xs text-muted">Addresses, routes and rules with their counters, read from the host when you ask.</p>}
    </section>
  );
}

function Part({ part: { command, text, cut } }: { readonly part: InspectedPart }) {
  return (
    <div className="rounded-box border border-line">
      <div className="flex items-center gap-1 border-b border-line bg-raised pl-2">
        <code className="numeric min-w-0 flex-1 truncate text-xs" title={command}>{command}</code>
        <CopyButton text={command} label="Copy the command" />
      </div>
      <pre tabIndex={0} aria-label={`Output of ${command}`} className="numeric max-h-64 overflow-auto p-2 text-xs leading-5 whitespace-pre">{text === "" ? "(nothing)" : text}</pre>
      {cut ? <p className="border-t border-line px-2 py-1 text-xs text-warn">Cut here. Run the command on the host to see all of it.</p> : null}
    </div>
  );
}
