import { randomBytes } from "node:crypto";
import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import type { Envelope } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { decodePublicKey } from "@vpclab/shared/wire/public-key";
import type { HostState } from "@vpclab/shared/wire/live";
import type { ServerMessage } from "@vpclab/shared/wire/messages";
import { AgentHelloSchema, PROTOCOL_VERSION } from "@vpclab/shared/wire/messages";
import type { z } from "zod";
import { notApproved } from "../services/host-admission";
import type { HelloProof, NotAdmitted } from "../services/host-admission";
import type { VerifyKey } from "../signing/ed25519";
import type { JobKeys } from "../signing/job-key";
import { verifyKeyFromText } from "../signing/ed25519";
import { openEnvelope, peekEnvelope, sealEnvelope } from "../signing/envelope";

export type AgentHello = z.infer<typeof AgentHelloSchema>;

/** What the handshake must know of a host. */
export interface KnownHost {
  readonly publicKey: string;
  readonly state: HostState;
}

export const newNonce = (): string => randomBytes(16).toString("base64url");

export const challenge = (serverNonce: string): ServerMessage => ({ type: "challenge", v: PROTOCOL_VERSION, serverNonce });

/** A hello that was proved, and what proved it. */
export interface ProvedHello {
  readonly hello: AgentHello;
  /** Which signs what comes after the hello. */
  readonly hostKey: VerifyKey;
  readonly proof: HelloProof;
}

/** What the handshake asks about hosts. */
export interface KnownHosts {
  find(hostId: string): Promise<KnownHost | null>;
  /** A key that the host had before it replaced it; null: it never had one of this id. */
  earlierKey(hostId: string, keyId: string): Promise<string | null>;
}

/**
 * Whether a hello comes from a host that was let in, on this very connection. The host is looked up by the id in the
 * body, then the body is verified with that host's key, or with one that it had before; the admission judges what the latter means.
 */
export async function checkHello(envelope: Envelope, serverNonce: string, hosts: KnownHosts): Promise<Result<ProvedHello, NotAdmitted>> {
  const claimed = peekEnvelope(envelope, AgentHelloSchema);
  if (!claimed.ok) return claimed;
  const { agentId, nextKey } = claimed.value;
  const host = await hosts.find(agentId);
  if (!host) return err({ code: "KEY_UNKNOWN", message: "This agent is not enrolled here." });
  const proved = nextKey === undefined ? await proveByOne(envelope, agentId, host, hosts) : await proveByBoth(envelope, agentId, host, hosts, nextKey);
  if (!proved.ok) return proved;
  if (proved.value.hello.serverNonce !== serverNonce) return err({ code: "SESSION", message: "This hello was made for another connection." });
  if (host.state !== "approved") return err(notApproved(host.state));
  return proved;
}

async function proveByOne(envelope: Envelope, agentId: string, { publicKey }: KnownHost, hosts: KnownHosts): Promise<Result<ProvedHello, NotAdmitted>> {
  const current = verifyKeyFromText(publicKey);
  const keyId = envelope.signatures[0]?.keyid ?? "";
  const earlier = keyId === current.keyId ? null : await hosts.earlierKey(agentId, keyId);
  const hostKey = earlier === null ? current : verifyKeyFromText(earlier);
  const hello = openEnvelope(envelope, PAYLOAD_TYPE.agentHello, hostKey, AgentHelloSchema);
  return hello.ok ? ok({ hello: hello.value, hostKey, proof: { key: hostKey.publicKey, nextKey: null } }) : hello;
}

/** The key before is proved as in a hello without another one; the new one has signed second, so that whoever brings it also holds it. */
async function proveByBoth(envelope: Envelope, agentId: string, host: KnownHost, hosts: KnownHosts, nextKey: string): Promise<Result<ProvedHello, NotAdmitted>> {
  const [before, own] = envelope.signatures;
  if (!before || !own || envelope.signatures.length !== 2) return err({ code: "SIG_COUNT", message: "A hello with a new key is signed by the key before and by the new one." });
  const raw = decodePublicKey(nextKey);
  if (!raw.ok) return err({ code: "KEY_UNKNOWN", message: `The new key is refused: ${raw.error}.` });
  const hostKey = verifyKeyFromText(nextKey);
  const possession = openEnvelope({ ...envelope, signatures: [own] }, PAYLOAD_TYPE.agentHello, hostKey, AgentHelloSchema);
  if (!possession.ok) return possession;
  // Taken already, and the agent has not heard of it: its new key is the one that counts.
  if (nextKey === host.publicKey) return ok({ hello: possession.value, hostKey, proof: { key: nextKey, nextKey: null } });
  const proved = await proveByOne({ ...envelope, signatures: [before] }, agentId, host, hosts);
  return proved.ok ? ok({ hello: proved.value.hello, hostKey, proof: { key: proved.value.proof.key, nextKey } }) : proved;
}

/** The server's half: proof, with the key that the agent pinned, that both speak on the same connection; and the number to keep. */
export const welcome = (hello: AgentHello, joinSeq: number, keys: JobKeys): ServerMessage => ({
  type: "welcome",
  hello: sealEnvelope(
    PAYLOAD_TYPE.serverHello,
    { v: PROTOCOL_VERSION, agentId: hello.agentId, serverNonce: hello.serverNonce, agentNonce: hello.agentNonce, joinSeq },
    keys.current.key,
  ),
});

/** The key sets that the agent has missed: before the welcome, which is signed with the newest key. */
export const missedKeySets = ({ keySet }: AgentHello, keys: JobKeys): readonly ServerMessage[] =>
  keys.after(keySet).map((envelope) => ({ type: "key-set", envelope }));
