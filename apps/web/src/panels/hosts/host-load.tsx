import type { HostLoad as Load } from "@vpclab/shared/wire/host-report";
import { TriangleAlert } from "lucide-react";
import { formatBytes } from "../../ui/format-rate";

/** How busy a machine is, in figures that stand still. A machine with more to do than processors stands out. */
export function HostLoad({ load }: { readonly load: Load }) {
  const { averages, cores } = load;
  const isBusy = averages[0] > cores;
  return (
    <span className="numeric whitespace-nowrap">
      {isBusy ? <TriangleAlert className="mr-1 inline size-3.5 text-warn" aria-label="busy" /> : null}
      <span className={isBusy ? "text-warn" : undefined}>{averages.map((average) => average.toFixed(2)).join(" · ")}</span>
      {` on ${cores} ${cores === 1 ? "core" : "cores"}`}
    </span>
  );
}

/** How much of its memory is in use. */
export const HostMemory = ({ load: { memoryBytes, memoryAvailableBytes } }: { readonly load: Load }) => (
  <span className="numeric">{`${formatBytes(memoryBytes - memoryAvailableBytes)} of ${formatBytes(memoryBytes)}`}</span>
);
