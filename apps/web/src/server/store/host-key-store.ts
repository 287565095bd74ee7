import { decodePublicKey, keyIdOf } from "@vpclab/shared/wire/public-key";
import type { Tables } from "./database";

/** A key that the host had before, as base64url of the raw key; null: `keyId` names none. */
export async function findEarlierKey(tables: Tables, hostId: string, keyId: string): Promise<string | null> {
  const row = await tables.hostKey.findFirst({ where: { keyId, hostId }, select: { publicKey: true } });
  return row?.publicKey ?? null;
}

/** Whether a host has this key, or had it before it replaced it. */
export const hostKeyExists = async (tables: Tables, publicKey: string): Promise<boolean> =>
  (await tables.host.count({ where: { publicKey } })) > 0 || (await tables.hostKey.count({ where: { publicKey } })) > 0;

export const countReplacedKeys = (tables: Tables, hostId: string, since: Date): Promise<number> =>
  tables.hostKey.count({ where: { hostId, replacedAt: { gt: since } } });

/** The host is known by `publicKey` alone from now on; the key that it had is noted. Only inside of a transaction. */
export async function replaceHostKey(tables: Tables, host: { readonly id: string; readonly publicKey: string }, publicKey: string, at: Date): Promise<void> {
  await tables.hostKey.create({ data: { keyId: keyIdOfText(host.publicKey), publicKey: host.publicKey, hostId: host.id, replacedAt: at } });
  await tables.host.update({ where: { id: host.id }, data: { publicKey } });
}

/** Whoever comes with one of them is a stranger from then on. */
export async function forgetEarlierKeys(tables: Tables, hostId: string): Promise<void> {
  await tables.hostKey.deleteMany({ where: { hostId } });
}

function keyIdOfText(publicKey: string): string {
  const raw = decodePublicKey(publicKey);
  if (!raw.ok) throw new Error(`a stored key of a host: ${raw.error}`);
  return keyIdOf(raw.value);
}
