import type { HostState } from "@vpclab/shared/wire/live";
import { Prisma } from "../../generated/client";
import type { Tables } from "./database";
import { forgetEarlierKeys } from "./host-key-store";
import { isUuid } from "./uuid";

export interface HostRow {
  readonly id: string;
  readonly name: string;
  /** Raw Ed25519, base64url. */
  readonly publicKey: string;
  readonly mode: "sandbox" | "host" | "rootless";
  readonly state: HostState;
  readonly local: boolean;
  readonly kernel: string;
  /** Of its agent. */
  readonly version: string;
  /** It has public addresses to give. */
  readonly publicPool: boolean;
  readonly createdAt: Date;
  readonly lastSeenAt: Date | null;
  /** Its count of connections (`join-verdict.ts`). */
  readonly joinSeq: number;
  readonly joinOffer: number;
  readonly joinReset: boolean;
  /** Why it is locked. */
  readonly lockReason: string | null;
}

const columns = {
  id: true, name: true, publicKey: true, mode: true, state: true, local: true, kernel: true, version: true, publicPool: true, createdAt: true, lastSeenAt: true,
  joinSeq: true, joinOffer: true, joinReset: true, lockReason: true,
} as const;

export const listHosts = (tables: Tables): Promise<HostRow[]> =>
  tables.host.findMany({ select: columns, orderBy: { createdAt: "asc" } });

export const findHost = async (tables: Tables, id: string): Promise<HostRow | null> =>
  isUuid(id) ? tables.host.findUnique({ where: { id }, select: columns }) : null;

/** Like `findHost`; nobody else changes the row until the transaction ends. Only inside of one. */
export async function findHostLocked(tables: Tables, id: string): Promise<HostRow | null> {
  if (!isUuid(id)) return null;
  await tables.$queryRaw(Prisma.sql`SELECT 1 FROM "Host" WHERE "id" = ${id}::uuid FOR UPDATE`);
  return findHost(tables, id);
}

export const findLocalHost = (tables: Tables): Promise<HostRow | null> =>
  tables.host.findFirst({ where: { local: true }, select: columns });

export const createHost = (tables: Tables, host: Pick<HostRow, "name" | "publicKey" | "mode" | "state" | "local">): Promise<HostRow> =>
  tables.host.create({ data: host, select: columns });

/** A local agent that lost its state enrols again: same host, new key. */
export const rekeyHost = (tables: Tables, id: string, change: Pick<HostRow, "publicKey" | "mode">): Promise<HostRow> =>
  tables.host.update({
    where: { id }, select: columns,
    data: { ...change, state: "approved", joinSeq: 0, joinOffer: 0, joinReset: false, lockReason: null, earlierKeys: { deleteMany: {} } },
  });

export const hostNameExists = async (tables: Tables, name: string): Promise<boolean> =>
  (await tables.host.count({ where: { name } })) > 0;

/** What a host says of itself whenever it connects. */
export type HostFacts = Pick<HostRow, "mode" | "kernel" | "version" | "publicPool">;

export async function recordHostSeen(tables: Tables, id: string, { mode, kernel, version, publicPool }: HostFacts, at: Date): Promise<void> {
  await tables.host.updateMany({ where: { id }, data: { mode, kernel, version, publicPool, lastSeenAt: at } });
}

/** Its next welcome offers `joinOffer`. */
export async function saveJoin(tables: Tables, id: string, { joinSeq, joinOffer, joinReset }: Pick<HostRow, "joinSeq" | "joinOffer" | "joinReset">): Promise<void> {
  await tables.host.update({ where: { id }, data: { joinSeq, joinOffer, joinReset } });
}

/** The agent has kept what it was offered last. False when it may not, or was offered another number since. */
export async function confirmJoin(tables: Tables, id: string, joinOffer: number): Promise<boolean> {
  const { count } = await tables.host.updateMany({ where: { id, joinOffer, state: "approved" }, data: { joinSeq: joinOffer } });
  return count === 1;
}

export async function lockHost(tables: Tables, id: string, lockReason: string): Promise<void> {
  await tables.host.update({ where: { id }, data: { state: "locked", lockReason } });
}

/**
 * From one of the states `from` to `to`; false when it is in none of them. An unlocked host may come with any number, once, and its
 * earlier keys lock it no more. Only inside of a transaction.
 */
export async function changeHostState(tables: Tables, id: string, from: readonly HostState[], to: HostState): Promise<boolean> {
  const unlocked = to === "approved" ? { lockReason: null, joinReset: from.includes("locked") } : {};
  const { count } = await tables.host.updateMany({ where: { id, state: { in: [...from] } }, data: { state: to, ...unlocked } });
  if (count === 1 && to === "approved") await forgetEarlierKeys(tables, id);
  return count === 1;
}

/** False when it is in another state. Throws when topologies are on it. */
export async function deleteHost(tables: Tables, id: string, state: HostState): Promise<boolean> {
  return (await tables.host.deleteMany({ where: { id, state } })).count === 1;
}
