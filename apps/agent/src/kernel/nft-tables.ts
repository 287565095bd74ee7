import type { SeenNftTable } from "@vpclab/shared/plan/kernel-state";
import { CommandError, reasonFrom } from "../host/command-error";
import { NftContext } from "../host/libnftables";
import { NETLINK_NETFILTER, NetlinkSocket } from "./netlink/netlink-socket";
import { TABLES, hasTable, nftGeneration } from "./netlink/nftables";
import { parseNft } from "./parse-nft";

const OUR_TABLE = "vpclab";

export interface SeenTables {
  readonly nft: SeenNftTable | null;
  /** `<family> <name>`. */
  readonly foreignTables: readonly string[];
}

interface Remembered {
  readonly cookie: bigint;
  readonly generation: number;
  readonly tables: SeenTables;
}

/**
 * Reads tables, and remembers them: listing one costs 0.6 ms and more, asking for the namespace's generation a hundredth.
 * As long as the kernel counts no transaction in the same namespace (told by its cookie: inodes are given out again), what
 * was read last is what is there.
 */
export class NftTables {
  private readonly remembered = new Map<string, Remembered>();

  /** Tables of the namespace in which this thread is. Of a host's only ours, and no other is even listed. */
  read(key: string, cookie: bigint | null, isHost: boolean): SeenTables {
    const socket = new NetlinkSocket(NETLINK_NETFILTER);
    try {
      // Before the tables: a change while they are read shows as another generation next time.
      const generation = nftGeneration(socket);
      const known = this.remembered.get(key);
      if (known && known.cookie === cookie && known.generation === generation) return known.tables;
      const tables = readTables(socket, isHost);
      if (cookie !== null) this.remembered.set(key, { cookie, generation, tables });
      return tables;
    } finally {
      socket.close();
    }
  }

  forget(key: string): void {
    this.remembered.delete(key);
  }
}

function readTables(socket: NetlinkSocket, isHost: boolean): SeenTables {
  if (isHost) return { nft: hasTable(socket, OUR_TABLE) ? listTable() : null, foreignTables: [] };
  const names = socket.list(TABLES);
  const ours = `inet ${OUR_TABLE}`;
  return { nft: names.includes(ours) ? listTable() : null, foreignTables: names.filter((name) => name !== ours).sort() };
}

function listTable(): SeenNftTable {
  const context = new NftContext();
  try {
    const result = context.run(`list table inet ${OUR_TABLE}`);
    if (!result.ok) throw new CommandError("nft", reasonFrom(result.error, "could not list the table"), null);
    return parseNft(JSON.parse(result.output));
  } finally {
    context.free();
  }
}
