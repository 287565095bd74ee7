import type { HostLoad as Load } from "@vpclab/shared/wire/host-report";
import { TriangleAlert } from "lucide-react";

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
