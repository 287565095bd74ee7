import type { Tables } from "./database";

export interface KnownDeviceRow {
  readonly id: string;
  readonly userId: string;
}

/** The newest of a user are kept, so that what somebody has collected of his cookies is worth little. */
const PER_USER_MAX = 20;

/** Those that are over go with it, of whomever they were. */
export async function createKnownDevice(tables: Tables, device: { tokenHash: string; userId: string; createdAt: Date; expiresAt: Date }): Promise<void> {
  await tables.knownDevice.deleteMany({ where: { expiresAt: { lte: device.createdAt } } });
  await tables.knownDevice.create({ data: device });
  const surplus = await tables.knownDevice.findMany({ where: { userId: device.userId }, orderBy: [{ createdAt: "desc" }, { id: "desc" }], skip: PER_USER_MAX, select: { id: true } });
  await deleteKnownDevices(tables, surplus.map(({ id }) => id));
}

export const findKnownDevice = (tables: Tables, tokenHash: string, now: Date): Promise<KnownDeviceRow | null> =>
  tables.knownDevice.findFirst({ where: { tokenHash, expiresAt: { gt: now } }, select: { id: true, userId: true } });

export async function deleteKnownDevices(tables: Tables, ids: readonly string[]): Promise<void> {
  await tables.knownDevice.deleteMany({ where: { id: { in: [...ids] } } });
}
