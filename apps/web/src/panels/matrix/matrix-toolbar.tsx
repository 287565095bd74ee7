"use client";

import { CircleAlert, Radar, Square } from "lucide-react";
import { useId } from "react";
import type { ReactNode } from "react";
import { useLive } from "../../canvas/state/editor-context";
import { isMeasuring } from "../../canvas/state/measurement-store";
import type { MeasuringRun } from "../../canvas/state/measurement-store";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { Segmented } from "../../ui/segmented";
import { formatElapsed, useElapsed } from "../../ui/use-elapsed";
import { useProbeRefusal } from "../people/use-probe-refusal";
import type { MatrixKind } from "./matrix-axes";
import { INSTANCES_MAX } from "./matrix-axes";
import type { MatrixCount } from "./matrix-cell-state";
import { SubnetChoice } from "./subnet-choice";
import type { Matrix } from "./use-matrix";

const KINDS: readonly { readonly value: MatrixKind; readonly label: string }[] = [
  { value: "ping", label: "Ping" }, { value: "tcp", label: "TCP" }, { value: "udp", label: "UDP" }, { value: "listens", label: "Listeners" },
];

/** What is asked, of whom, and how far it is measured. */
export function MatrixToolbar({ matrix, extra }: { readonly matrix: Matrix; readonly extra: ReactNode }) {
  const { choice, setChoice, port, groups, count, run } = matrix;
  const { leftOut, publicLeftOut, notChosen } = matrix.shown;
  const measuring = isMeasuring(run);
  const refusal = useProbeRefusal();
  const pending = useLive(({ plan, deployment }) => deployment.state !== "in-place" || (plan?.changes.length ?? 0) > 0);
  const withPort = choice.kind === "tcp" || choice.kind === "udp";
  return (
    <div className="flex flex-col border-b border-line">
      <div role="group" aria-label="What is measured" className="flex flex-wrap items-center gap-x-2 gap-y-1.5 px-3 py-1.5">
        <div className="w-66"><Segmented<MatrixKind> label="Traffic" value={choice.kind} options={KINDS} onChange={(kind) => setChoice({ ...choice, kind })} /></div>
        {withPort ? <PortField text={choice.portText} wrong={port === null} onChange={(portText) => setChoice({ ...choice, portText })} /> : null}
        <SubnetChoice groups={groups} chosen={choice.subnets} onChange={(subnets) => setChoice({ ...choice, subnets })} />
        {measuring
          ? <Button onClick={matrix.cancel} disabled={run?.cancelled}><Square className="size-3.5" aria-hidden />{run?.cancelled ? "Stopping" : "Cancel"}</Button>
          : (
            <Button look="primary" onClick={matrix.measureAll} disabled={refusal !== undefined || count.pairs === 0} title={refusal}>
              <Radar className="size-4" aria-hidden />{`Measure all ${count.pairs.toLocaleString("en")}`}
            </Button>
          )}
        <div role="status" className="min-w-0 flex-1 basis-20 text-sm">{run && measuring ? <Progress run={run} /> : <Summary count={count} run={run} />}</div>
        {extra}
      </div>
      {run?.error ? <div className="px-3 pb-1.5"><ErrorLine>{run.error}</ErrorLine></div> : null}
      {count.differs > 0 && pending ? <p className="px-3 pb-1.5 text-xs text-warn">The drawing is not applied as it stands, so packets may do otherwise. Apply it, then measure again.</p> : null}
      {leftOut > 0 ? (
        <p className="px-3 pb-1.5 text-xs text-warn">{`${leftOut} more instances have no room: at most ${INSTANCES_MAX} are shown at once. Choose other subnets to see them.`}</p>
      ) : notChosen > 0 ? <p className="px-3 pb-1.5 text-xs text-muted">{`${notChosen} instances of other subnets are not shown.`}</p> : null}
      {publicLeftOut > 0 ? <p className="px-3 pb-1.5 text-xs text-muted">{`${publicLeftOut} more public addresses have no room.`}</p> : null}
    </div>
  );
}

function Progress({ run }: { readonly run: MeasuringRun }) {
  const elapsed = useElapsed(run.startedAt, run.endedAt);
  const part = run.total === 0 ? 0 : run.done / run.total;
  const waits = run.waitsUntil === null ? null : Math.max(0, Math.ceil((run.waitsUntil - run.startedAt - elapsed) / 1000));
  return (
    <span className="flex items-center gap-3">
      <span role="progressbar" aria-label="Measured" aria-valuemin={0} aria-valuemax={run.total} aria-valuenow={run.done} className="h-1.5 w-32 overflow-hidden rounded-full bg-raised">
        <span className="block h-full bg-busy" style={{ width: `${part * 100}%` }} />
      </span>
      <span className="numeric truncate text-xs">{`${run.done} of ${run.total}, ${formatElapsed(elapsed)}`}</span>
      {waits === null ? null : <span className="truncate text-xs text-warn">{`Waits ${waits} s for the limit of flows`}</span>}
    </span>
  );
}

function Summary({ count, run }: { readonly count: MatrixCount; readonly run: MeasuringRun | null }) {
  const { pairs, measured, differs, stale } = count;
  if (differs > 0) {
    return <span className="flex min-w-0 items-center gap-1.5 font-medium text-bad"><CircleAlert className="size-4 shrink-0" aria-hidden /><span className="truncate" title={`${differs} of ${measured} not as promised`}>{`${differs} of ${measured} not as promised`}</span></span>;
  }
  const took = run?.endedAt ? `, ${formatElapsed(run.endedAt - run.startedAt)}` : "";
  const words = measured === 0
    ? stale > 0 ? `${stale} measured before the last change. Measure again.` : "Promised, not measured yet"
    : measured === pairs ? `All ${pairs} as promised${took}` : `${measured} of ${pairs} measured, all as promised`;
  return <span title={words} className={`block truncate ${measured > 0 ? "text-ok" : "text-muted"}`}>{words}</span>;
}

function PortField({ text, wrong, onChange }: { readonly text: string; readonly wrong: boolean; readonly onChange: (text: string) => void }) {
  const id = useId();
  return (
    <span className="flex items-center gap-1.5">
      <label htmlFor={id} className="text-xs text-muted">Port</label>
      <input
        id={id} value={text} inputMode="numeric" aria-invalid={wrong} aria-describedby={wrong ? `${id}-error` : undefined} onChange={(event) => onChange(event.target.value)}
        className={`numeric h-8 w-16 rounded-box border bg-surface px-2 text-sm ${wrong ? "border-bad" : "border-line"}`}
      />
      {wrong ? <span id={`${id}-error`} role="alert" className="text-xs text-bad">1 to 65535</span> : null}
    </span>
  );
}
