import clsx from "clsx";
import { Flame } from "lucide-react";
import { formatByteRate, formatPacketRate, loadLevel } from "../../ui/format-rate";
import { useLive } from "../state/editor-context";
import { Sparkline } from "./sparkline";

/**
 * Both directions together, in a fixed width: bytes and packets per second. Nothing until the object was counted once; from
 * farther away only where there is traffic, and then only the bytes. The last minute is drawn behind them.
 */
export function Rate({ id, className }: { readonly id: string; readonly className?: string }) {
  const counter = useLive((live) => live.counters[id]);
  if (!counter) return null;
  const bytes = counter.rxBytesPerSecond + counter.txBytesPerSecond;
  const busy = loadLevel(Math.max(counter.rxBytesPerSecond, counter.txBytesPerSecond)) === 4;
  const packets = counter.rxPacketsPerSecond + counter.txPacketsPerSecond;
  return (
    <span
      data-counter={id}
      data-packets={counter.rxPackets + counter.txPackets}
      data-bytes={counter.rxBytes + counter.txBytes}
      className={clsx(bytes > 0 ? "when-middle block" : "when-near block", "relative", className)}
    >
      <Sparkline id={id} className="when-middle absolute inset-0 h-full w-full" />
      <span className={clsx("haloed numeric legible-sm relative flex justify-between", bytes > 0 ? "text-text" : "text-muted")}>
        <span className="w-[9ch]">{formatByteRate(bytes)}</span>
        {busy ? <Flame className="when-middle size-3.5 shrink-0 text-accent" aria-label="busy" /> : null}
        <span className="when-near w-[9ch] text-right">{formatPacketRate(packets)}</span>
      </span>
    </span>
  );
}
