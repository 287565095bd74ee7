import type { Listing, Message } from "./message";
import { MessageWriter, NLM_F_DUMP, eachAttribute } from "./message";

// linux/if_link.h: struct if_stats_msg. A third of the price of listing links, which come with everything else too.
const RTM_GETSTATS = 94;
const STATS_HEADER_BYTES = 12;
const IFLA_STATS_LINK_64 = 1;
const ONLY_LINK_64 = 1 << (IFLA_STATS_LINK_64 - 1);

/** Bytes and packets of one link since it was made. */
export interface LinkStatistics {
  /** Of the link; a link that is made anew has a new one. */
  readonly index: number;
  readonly rxBytes: number;
  readonly rxPackets: number;
  readonly txBytes: number;
  readonly txPackets: number;
}

export const STATISTICS: Listing<LinkStatistics> = {
  about: "statistics",
  request: new MessageWriter(RTM_GETSTATS, NLM_F_DUMP).u8(0).u8(0).u16(0).u32(0).u32(ONLY_LINK_64),
  read: readStatistics,
};

function readStatistics({ bytes, start, end }: Message): LinkStatistics | null {
  let at = 0;
  eachAttribute(bytes, start + STATS_HEADER_BYTES, end, (type, from) => {
    if (type === IFLA_STATS_LINK_64) at = from;
  });
  if (at === 0) return null;
  // struct rtnl_link_stats64: rx_packets, tx_packets, rx_bytes, tx_bytes, …
  return { index: bytes.readUInt32LE(start + 4), rxPackets: u64(bytes, at), txPackets: u64(bytes, at + 8), rxBytes: u64(bytes, at + 16), txBytes: u64(bytes, at + 24) };
}

/** As a number: exact up to 2^53, which is 9 petabytes. */
const u64 = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
