"use client";

import { useLive } from "../../canvas/state/editor-context";
import { Sparkline } from "../../canvas/nodes/sparkline";
import { formatByteRate, formatBytes, formatPacketRate } from "../../ui/format-rate";

/** Traffic of one object in both directions, now and since it is there. */
export function CounterTable({ id }: { readonly id: string }) {
  const counter = useLive((live) => live.counters[id]);
  if (!counter) return <p className="text-xs text-muted">No traffic counted yet: counters begin when it is in place.</p>;
  const count = (packets: number) => packets.toLocaleString("en");
  return (
    <div className="flex flex-col gap-2">
      <Sparkline id={id} className="h-10 w-full rounded-box bg-raised" />
      <table aria-label="Traffic" className="w-full text-xs">
        <thead>
          <tr className="text-muted"><th className="pb-1 text-left font-normal">Traffic</th><th className="pb-1 text-right font-normal">In</th><th className="pb-1 text-right font-normal">Out</th></tr>
        </thead>
        <tbody className="numeric [&_td]:py-0.5 [&_td]:text-right [&_th]:text-left [&_th]:font-sans [&_th]:font-normal">
          <tr><th scope="row">Bytes now</th><td>{formatByteRate(counter.rxBytesPerSecond)}</td><td>{formatByteRate(counter.txBytesPerSecond)}</td></tr>
          <tr><th scope="row">Packets now</th><td>{formatPacketRate(counter.rxPacketsPerSecond)}</td><td>{formatPacketRate(counter.txPacketsPerSecond)}</td></tr>
          <tr><th scope="row">Bytes</th><td>{formatBytes(counter.rxBytes)}</td><td>{formatBytes(counter.txBytes)}</td></tr>
          <tr><th scope="row">Packets</th><td>{count(counter.rxPackets)}</td><td>{count(counter.txPackets)}</td></tr>
        </tbody>
      </table>
    </div>
  );
}
