import type { Counter } from "@vpclab/shared/wire/live";

/** Bytes and packets of one link since it was made. */
export interface LinkCount {
  readonly rxBytes: number;
  readonly rxPackets: number;
  readonly txBytes: number;
  readonly txPackets: number;
}

const ZERO: LinkCount = { rxBytes: 0, rxPackets: 0, txBytes: 0, txPackets: 0 };

/** /proc/<pid>/net/dev: two heads, then `name: rx bytes packets errs drop fifo frame compressed multicast tx bytes packets …`. */
export function parseNetDev(text: string): Map<string, LinkCount> {
  const counts = new Map<string, LinkCount>();
  for (const line of text.split("\n").slice(2)) {
    const colon = line.lastIndexOf(":");
    if (colon < 0) continue;
    const [rxBytes, rxPackets, , , , , , , txBytes, txPackets] = line.slice(colon + 1).trim().split(/\s+/).map(Number);
    counts.set(line.slice(0, colon).trim(), {
      rxBytes: rxBytes ?? 0, rxPackets: rxPackets ?? 0, txBytes: txBytes ?? 0, txPackets: txPackets ?? 0,
    });
  }
  return counts;
}

export const exchange = (count: LinkCount): LinkCount =>
  ({ rxBytes: count.txBytes, rxPackets: count.txPackets, txBytes: count.rxBytes, txPackets: count.rxPackets });

/**
 * Totals and rates of one object from two readings. A total that went backwards belongs to a link that was made anew: it
 * counts from zero, and so does its rate. Without an earlier reading there is no rate yet.
 */
export function counterOf(now: LinkCount, before: LinkCount | null, seconds: number): Counter {
  const restarted = before !== null && (Object.keys(ZERO) as (keyof LinkCount)[]).some((key) => now[key] < before[key]);
  const from = before === null ? now : restarted ? ZERO : before;
  const rate = (key: keyof LinkCount) => (seconds > 0 ? (now[key] - from[key]) / seconds : 0);
  return {
    ...now,
    rxBytesPerSecond: rate("rxBytes"),
    txBytesPerSecond: rate("txBytes"),
    rxPacketsPerSecond: rate("rxPackets"),
    txPacketsPerSecond: rate("txPackets"),
  };
}
