import type { Tables } from "./database";
import { isUuid } from "./uuid";

export interface HostRow {
  readonly id: string;
  readonly name: string;
  /** Raw Ed25519, base64url. */
  readonly publicKey: string;
  readonly mode: "sandbox" | "host" | "rootless";
  readonly state: "pending" | "approved" | "revoked";
  readonly local: boolean;
  readonly kernel: string;
  /** It has public addresses to give. */
  readonly publicPool: boolean;
  readonly lastSeenAt: Date | null;
}

const columns = {
  id: true, name: true, publicKey: true, mode: true, state: true, local: true, kernel: true, publicPool: true, lastSeenAt: true,
} as const;

export const listHosts = (tables: Tables): Promise<HostRow[]> =>
  tables.host.findMany({ select: columns, orderBy: { createdAt: "asc" } });

export const findHost = async (tables: Tables, id: string): Promise<HostRow | null> =>
  isUuid(id) ? tables.host.findUnique({ where: { id }, select: columns }) : null;

export const findLocalHost = (tables: Tables): Promise<HostRow | null> =>
  tables.host.findFirst({ where: { local: true }, select: columns });

export const createHost = (tables: Tables, host: Pick<HostRow, "name" | "publicKey" | "mode" | "state" | "local">): Promise<HostRow> =>
  tables.host.create({ data: host, select: columns });

/** A local agent that lost its state enrols again: same host, new key. */
export const rekeyHost = (tables: Tables, id: string, change: Pick<HostRow, "publicKey" | "mode">): Promise<HostRow> =>
  tables.host.update({ where: { id }, data: { ...change, state: "approved" }, select: columns });

export const hostNameExists = async (tables: Tables, name: string): Promise<boolean> =>
  (await tables.host.count({ where: { name } })) > 0;

/** What a host says of itself whenever it connects. */
export type HostFacts = Pick<HostRow, "mode" | "kernel" | "publicPool">;

export async function recordHostSeen(tables: Tables, id: string, { mode, kernel, publicPool }: HostFacts, at: Date): Promise<void> {
  await tables.host.updateMany({ where: { id }, data: { mode, kernel, publicPool, lastSeenAt: at } });
}
