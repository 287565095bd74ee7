import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { z } from "zod";
import type { SigningKey } from "../link/ed25519";
import { DurableFile } from "./durable-file";
import { ensurePrivateKey } from "./private-key-file";

const LocalRecordSchema = z.strictObject({
  /** Agent id of a host that is enrolled with no server: what its marks say. */
  agentId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  mode: z.enum(["sandbox", "host", "rootless"]),
  uplink: z.string().max(15).nullable(),
});
/** How this state directory was used without a server: `local.json`. */
export type LocalRecord = z.infer<typeof LocalRecordSchema>;

const fileOf = (stateDir: string): DurableFile<LocalRecord> => new DurableFile(join(stateDir, "local.json"), LocalRecordSchema);

/** Null when nobody has used it so. */
export const readLocalRecord = (stateDir: string): Promise<LocalRecord | null> => fileOf(stateDir).read();
export const removeLocalRecord = (stateDir: string): Promise<void> => fileOf(stateDir).remove();

/** Key of root on this host, `local-key`, with which jobs are signed that no server has; made at the first use. */
export const ensureLocalKey = (stateDir: string): Promise<SigningKey> => ensurePrivateKey(join(stateDir, "local-key"));

export async function removeLocalKey(stateDir: string): Promise<null> {
  await rm(join(stateDir, "local-key"), { force: true });
  return null;
}

export interface WantedUse {
  /** Null: as before, `sandbox` the first time. */
  readonly mode: LocalRecord["mode"] | null;
  readonly uplink: string | null;
  /** Something is held, so that the mode cannot change under it. */
  readonly inUse: boolean;
}

/** The record as this use leaves it, on the disk. Throws CONFLICT when what is held was made in another mode. */
export async function useLocalRecord(stateDir: string, { mode, uplink, inUse }: WantedUse): Promise<LocalRecord> {
  const before = await readLocalRecord(stateDir);
  const wanted: LocalRecord = {
    agentId: before?.agentId ?? `local-${randomUUID().slice(0, 13)}`, mode: mode ?? before?.mode ?? "sandbox", uplink: uplink ?? before?.uplink ?? null,
  };
  if (before && inUse && (before.mode !== wanted.mode || before.uplink !== wanted.uplink)) {
    throw new AppError("CONFLICT", `${stateDir} holds topologies in ${modeText(before)}, not in ${modeText(wanted)}; tear them down first, or use another directory: --state DIR`);
  }
  if (JSON.stringify(before) !== JSON.stringify(wanted)) await fileOf(stateDir).write(wanted);
  return wanted;
}

const modeText = ({ mode, uplink }: LocalRecord): string => `${mode} mode${uplink === null ? "" : ` with uplink ${uplink}`}`;
