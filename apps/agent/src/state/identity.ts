import { rename } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { z } from "zod";
import type { SigningKey, TrustedKey } from "../link/ed25519";
import { importPublicKey } from "../link/ed25519";
import { DurableFile, syncDir } from "./durable-file";
import { ensurePrivateKey, readPrivateKey } from "./private-key-file";

const EnrolmentSchema = z.strictObject({
  agentId: z.string().min(1).max(64), serverKey: z.string(), url: z.string(),
  keySet: z.int().min(1).default(1), earlierKeys: z.array(z.string()).default([]),
});
type Enrolment = z.output<typeof EnrolmentSchema>;

/** Who this agent is, and whom it obeys: the key that signed jobs must verify against. */
export interface Identity {
  readonly agentId: string;
  readonly agentKey: SigningKey;
  /** One that is to take its place as soon as the server has it. Until then the server knows this agent by either of them. */
  readonly nextKey: SigningKey | null;
  readonly serverKey: TrustedKey;
  /** Version of the server's key set that the key is of. */
  readonly keySet: number;
  /** Keys of the versions before: for what this host has accepted then, and for nothing that comes now. */
  readonly earlierKeys: readonly TrustedKey[];
  /** Where the agent was enrolled. */
  readonly url: string;
}

const keyPath = (stateDir: string): string => join(stateDir, "agent.key");
const nextKeyPath = (stateDir: string): string => join(stateDir, "agent.next.key");
const enrolmentFile = (stateDir: string): DurableFile<Enrolment> => new DurableFile(join(stateDir, "enrolment.json"), EnrolmentSchema);

/** Null when the agent was never enrolled. Throws when the key file is not private, or is not a key. */
export async function readIdentity(stateDir: string): Promise<Identity | null> {
  const enrolment = await enrolmentFile(stateDir).read();
  if (!enrolment) return null;
  const agentKey = await readPrivateKey(keyPath(stateDir));
  if (!agentKey) throw new AppError("PRIVILEGE", `${keyPath(stateDir)} is gone, but this host is enrolled; run \`vpclab-agent purge\`, then enrol it again`);
  const { agentId, url, keySet } = enrolment;
  return { agentId, agentKey, nextKey: await readPrivateKey(nextKeyPath(stateDir)), serverKey: pinned(enrolment.serverKey), keySet, earlierKeys: enrolment.earlierKeys.map(pinned), url };
}

function pinned(text: string): TrustedKey {
  const key = importPublicKey(text);
  if (!key.ok) throw new AppError("PRIVILEGE", `pinned server key: ${key.error}`);
  return key.value;
}

export const writeEnrolment = (stateDir: string, enrolment: z.input<typeof EnrolmentSchema>): Promise<void> =>
  enrolmentFile(stateDir).write(EnrolmentSchema.parse(enrolment));

/** The agent's key, made at the first call. An enrolment that broke off is taken up with the same key. */
export const ensureAgentKey = (stateDir: string): Promise<SigningKey> => ensurePrivateKey(keyPath(stateDir));

/** The key that is to follow, made at the first call; on the disk before anybody hears of it. */
export const ensureNextKey = (stateDir: string): Promise<SigningKey> => ensurePrivateKey(nextKeyPath(stateDir));

/** It is the agent's key from now on, and the one before is gone. */
export async function useNextKey(stateDir: string): Promise<void> {
  await rename(nextKeyPath(stateDir), keyPath(stateDir));
  await syncDir(stateDir);
}
