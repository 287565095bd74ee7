import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import { z } from "zod";
import type { SigningKey, TrustedKey } from "../link/ed25519";
import { importPublicKey } from "../link/ed25519";
import { DurableFile } from "./durable-file";
import { ensurePrivateKey, readPrivateKey } from "./private-key-file";

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
  const agentKey = await readPrivateKey(keyPath(stateDir));
  if (!agentKey) throw new AppError("PRIVILEGE", `${keyPath(stateDir)} is gone, but this host is enrolled; run \`vpclab-agent purge\`, then enrol it again`);
  const serverKey = importPublicKey(enrolment.serverKey);
  if (!serverKey.ok) throw new AppError("PRIVILEGE", `pinned server key: ${serverKey.error}`);
  return { agentId: enrolment.agentId, agentKey, serverKey: serverKey.value, url: enrolment.url };
}

export const writeEnrolment = (stateDir: string, enrolment: Enrolment): Promise<void> => enrolmentFile(stateDir).write(enrolment);

/** The agent's key, made at the first call. An enrolment that broke off is taken up with the same key. */
export const ensureAgentKey = (stateDir: string): Promise<SigningKey> => ensurePrivateKey(keyPath(stateDir));
