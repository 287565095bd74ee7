import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import type { HostLoad } from "@vpclab/shared/wire/host-report";

/** How busy this machine is. Reads three small files of /proc and starts nothing. */
export function hostLoad(): HostLoad {
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  const memoryBytes = totalmem();
  // On Linux this is MemAvailable.
  return { averages: [one, five, fifteen], cores: availableParallelism(), memoryBytes, memoryAvailableBytes: Math.min(freemem(), memoryBytes) };
}
