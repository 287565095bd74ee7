import type { Database, Tables } from "../store/database";
import { createKnownDevice, deleteKnownDevices, findKnownDevice } from "../store/known-device-store";
import type { KnownDeviceRow } from "../store/known-device-store";
import type { NewDevice } from "./people";
import { hashOf, newSecret } from "./tokens";

/** Since somebody has signed in there last. */
const LIFETIME_MS = 180 * 24 * 3_600_000;

/** Browsers in which somebody has signed in. They are forgotten with his sessions: `deleteSessions`. */
export class KnownDevices {
  constructor(
    private readonly database: Database,
    private readonly nowMs: () => number,
  ) {}

  async find(token: string | null): Promise<KnownDeviceRow | null> {
    return token === null ? null : findKnownDevice(this.database.tables, hashOf(token), new Date(this.nowMs()));
  }

  /** A new cookie for a browser in which this user has just proved who he is; `before`: in place of the one that it had. */
  async remember(tables: Tables, userId: string, before: KnownDeviceRow | null): Promise<NewDevice> {
    const createdAt = new Date(this.nowMs());
    const device = { token: newSecret(), expiresAt: new Date(createdAt.getTime() + LIFETIME_MS) };
    if (before) await deleteKnownDevices(tables, [before.id]);
    await createKnownDevice(tables, { tokenHash: hashOf(device.token), userId, createdAt, expiresAt: device.expiresAt });
    return device;
  }
}
