import { constants } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { z } from "zod";
import type { SigningKey, TrustedKey } from "../link/ed25519";
import { generateSigningKey, importPublicKey, importSigningKey } from "../link/ed25519";
import { DurableFile, readOwnFile, syncDir } from "./durable-file";

const EnrolmentSchema = z.strictObject({ agentId: z.string().min(1).max(64), serverKey: z.string(), url: z.string() });
type Enrolment = z.infer<typeof EnrolmentSchema>;

/** Who this agent is, and whom it obeys: the key that signed jobs must verify against. */
export interface Identity {
  readonly agentId: string;
  readonly agentKey: SigningKey;
  readonly serverKey: TrustedKey;
  /** Where the agent was enrolled. */
  readonly url: string;
}

const keyPath = (stateDir: string): string => join(stateDir, "agent.key");
const enrolmentFile = (stateDir: string): DurableFile<Enrolment> => new DurableFile(join(stateDir, "enrolment.json"), EnrolmentSchema);

/** Null when the agent was never enrolled. Throws when the key file is not private, or is not a key. */
export async function readIdentity(stateDir: string): Promise<Identity | null> {
  const enrolment = await enrolmentFile(stateDir).read();
  if (!enrolment) return null;
  const agentKey = await readAgentKey(stateDir);
  if (!agentKey) throw new AppError("PRIVILEGE", `${keyPath(stateDir)} is gone, but this host is enrolled; run \`vpclab-agent purge\`, then enrol it again`);
  const serverKey = importPublicKey(enrolment.serverKey);
  if (!serverKey.ok) throw new AppError("PRIVILEGE", `pinned server key: ${serverKey.error}`);
  return { agentId: enrolment.agentId, agentKey, serverKey: serverKey.value, url: enrolment.url };
}

export const writeEnrolment = (stateDir: string, enrolment: Enrolment): Promise<void> => enrolmentFile(stateDir).write(enrolment);

/** The agent's key, made at the first call. An enrolment that broke off is taken up with the same key. */
export async function ensureAgentKey(stateDir: string): Promise<SigningKey> {
  return (await readAgentKey(stateDir)) ?? createAgentKey(stateDir);
}

async function readAgentKey(stateDir: string): Promise<SigningKey | null> {
  const text = await readOwnFile(keyPath(stateDir));
  if (text === null) return null;
  const key = importSigningKey(text.trimEnd());
  if (!key.ok) throw new AppError("PRIVILEGE", `${keyPath(stateDir)}: ${key.error}`);
  return key.value;
}

async function createAgentKey(stateDir: string): Promise<SigningKey> {
  const key = generateSigningKey();
  const file = await open(keyPath(stateDir), constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(`${key.seed}\n`);
    await file.sync();
  } catch (error) {
    await rm(keyPath(stateDir), { force: true }); // a full disk leaves no half key behind
    throw error;
  } finally {
    await file.close();
  }
  await syncDir(stateDir);
  return key;
}
