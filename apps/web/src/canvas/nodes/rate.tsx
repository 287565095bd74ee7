import clsx from "clsx";
import { formatByteRate, formatPacketRate } from "../../ui/format-rate";
import { useLive } from "../editor-context";

/**
 * Both directions together, in a fixed width: bytes and packets per second. Nothing until the object was counted once; from
 * farther away only where there is traffic, and then only the bytes.
 */
export function Rate({ id, className }: { readonly id: string; readonly className?: string }) {
  const counter = useLive((live) => live.counters[id]);
  if (!counter) return null;
  const bytes = counter.rxBytesPerSecond + counter.txBytesPerSecond;
  const packets = counter.rxPacketsPerSecond + counter.txPacketsPerSecond;
  return (
    <span
      data-counter={id}
      data-packets={counter.rxPackets + counter.txPackets}
      data-bytes={counter.rxBytes + counter.txBytes}
      className={clsx(bytes > 0 ? "when-middle block" : "when-near block", className)}
    >
      <span className={clsx("numeric legible-sm flex justify-between", bytes > 0 ? "text-text" : "text-muted")}>
        <span className="w-[9ch]">{formatByteRate(bytes)}</span>
        <span className="when-near w-[9ch] text-right">{formatPacketRate(packets)}</span>
      </span>
    </span>
  );
}
