import { AF_INET } from "./addresses";
import type { Listing, Message } from "./message";
import { MessageWriter, NLM_F_ACK, NLM_F_DUMP, eachAttribute, textAt } from "./message";
import { KernelRefusal, type NetlinkSocket } from "./netlink-socket";

// linux/netfilter/nfnetlink.h, nf_tables.h
const NFNL_SUBSYS_NFTABLES = 10 << 8;
const NFT_MSG_GETTABLE = 1;
const NFT_MSG_GETGEN = 16;
const NFGENMSG_BYTES = 4;
const NFTA_TABLE_NAME = 1;
const NFTA_GEN_ID = 1;
const NFPROTO_UNSPEC = 0;
const NFPROTO_INET = 1;
const FAMILIES: Readonly<Record<number, string>> = { [NFPROTO_INET]: "inet", [AF_INET]: "ip", 3: "arp", 5: "netdev", 7: "bridge", 10: "ip6" };

const question = (message: number, flags: number, family: number): MessageWriter =>
  new MessageWriter(NFNL_SUBSYS_NFTABLES | message, flags).u8(family).u8(0).u16(0);

/** Counts the transactions of a namespace: as long as it is the same, so is every table (counters and their like apart). */
export const nftGeneration = (socket: NetlinkSocket): number =>
  socket.ask(question(NFT_MSG_GETGEN, NLM_F_ACK, NFPROTO_UNSPEC), "nftables", ({ bytes, start, end }) => {
    let generation = 0;
    eachAttribute(bytes, start + NFGENMSG_BYTES, end, (type, from) => {
      if (type === NFTA_GEN_ID) generation = bytes.readUInt32BE(from);
    });
    return generation;
  });

/** `<family> <name>` of every table of the namespace. */
export const TABLES: Listing<string> = { about: "tables", request: question(NFT_MSG_GETTABLE, NLM_F_DUMP, NFPROTO_UNSPEC), read: readTable };

/** Whether there is a table `inet <name>`, without a look at any other. */
export function hasTable(socket: NetlinkSocket, name: string): boolean {
  try {
    socket.ask(question(NFT_MSG_GETTABLE, NLM_F_ACK, NFPROTO_INET).text(NFTA_TABLE_NAME, name), name, readTable);
    return true;
  } catch (error) {
    if (error instanceof KernelRefusal && error.code === "ENOENT") return false;
    throw error;
  }
}

function readTable({ bytes, start, end }: Message): string {
  let name = "";
  eachAttribute(bytes, start + NFGENMSG_BYTES, end, (type, from, to) => {
    if (type === NFTA_TABLE_NAME) name = textAt(bytes, from, to);
  });
  const family = bytes.readUInt8(start);
  return `${FAMILIES[family] ?? family} ${name}`;
}
