import type { Listing, Message } from "./message";
import { MessageWriter, NLM_F_DUMP, eachAttribute, textAt } from "./message";

// linux/netfilter/nfnetlink.h, nf_tables.h
const NFNL_SUBSYS_NFTABLES = 10 << 8;
const NFT_MSG_GETOBJ = 19;
const NFGENMSG_BYTES = 4;
const NFPROTO_INET = 1;
const NFTA_OBJ_TABLE = 1;
const NFTA_OBJ_NAME = 2;
const NFTA_OBJ_TYPE = 3;
const NFTA_OBJ_DATA = 4;
const NFT_OBJECT_COUNTER = 1;
const NFTA_COUNTER_BYTES = 1;
const NFTA_COUNTER_PACKETS = 2;

interface Counted {
  readonly name: string;
  readonly packets: number;
  readonly bytes: number;
}

/** Named counters of the table `inet <table>`; none where there is no such table. Numbers up to 2⁵³ are exact. */
export const countersOf = (table: string): Listing<Counted> => ({
  about: "counters",
  request: new MessageWriter(NFNL_SUBSYS_NFTABLES | NFT_MSG_GETOBJ, NLM_F_DUMP).u8(NFPROTO_INET).u8(0).u16(0)
    .text(NFTA_OBJ_TABLE, table).data(NFTA_OBJ_TYPE, bigEndian(NFT_OBJECT_COUNTER)),
  read: readCounter,
});

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function readCounter({ bytes, start, end }: Message): Counted | null {
  let name: string | null = null;
  let packetCount = 0;
  let byteCount = 0;
  let isCounter = false;
  eachAttribute(bytes, start + NFGENMSG_BYTES, end, (type, from, to) => {
    if (type === NFTA_OBJ_NAME) name = textAt(bytes, from, to);
    if (type === NFTA_OBJ_TYPE) isCounter = bytes.readUInt32BE(from) === NFT_OBJECT_COUNTER;
    if (type !== NFTA_OBJ_DATA) return;
    eachAttribute(bytes, from, to, (inner, at) => {
      if (inner === NFTA_COUNTER_BYTES) byteCount = Number(bytes.readBigUInt64BE(at));
      if (inner === NFTA_COUNTER_PACKETS) packetCount = Number(bytes.readBigUInt64BE(at));
    });
  });
  return isCounter && name !== null ? { name, packets: packetCount, bytes: byteCount } : null;
}
