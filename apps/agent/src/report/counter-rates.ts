import type { Counter } from "@vpclab/shared/wire/live";

/** Bytes and packets of one link since it was made. */
export interface LinkCount {
  readonly rxBytes: number;
  readonly rxPackets: number;
  readonly txBytes: number;
  readonly txPackets: number;
}

const ZERO: LinkCount = { rxBytes: 0, rxPackets: 0, txBytes: 0, txPackets: 0 };

export const exchange = (count: LinkCount): LinkCount =>
  ({ rxBytes: count.txBytes, rxPackets: count.txPackets, txBytes: count.rxBytes, txPackets: count.rxPackets });

/**
 * Totals and rates of one object from two readings. A total that went backwards belongs to a link that was made anew: it
 * counts from zero, and so does its rate. Without an earlier reading there is no rate yet.
 */
export function counterOf(now: LinkCount, before: LinkCount | null, seconds: number): Counter {
  const from = before === null ? now : hasRestarted(now, before) ? ZERO : before;
  const perSecond = seconds > 0 ? 1 / seconds : 0;
  return {
    rxBytes: now.rxBytes,
    rxPackets: now.rxPackets,
    txBytes: now.txBytes,
    txPackets: now.txPackets,
    rxBytesPerSecond: (now.rxBytes - from.rxBytes) * perSecond,
    txBytesPerSecond: (now.txBytes - from.txBytes) * perSecond,
    rxPacketsPerSecond: (now.rxPackets - from.rxPackets) * perSecond,
    txPacketsPerSecond: (now.txPackets - from.txPackets) * perSecond,
  };
}

const hasRestarted = (now: LinkCount, before: LinkCount): boolean =>
  now.rxBytes < before.rxBytes || now.rxPackets < before.rxPackets || now.txBytes < before.txBytes || now.txPackets < before.txPackets;
