import { randomBytes } from "node:crypto";
import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import type { Envelope } from "@vpclab/shared/wire/job";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { HostState } from "@vpclab/shared/wire/live";
import type { ServerMessage } from "@vpclab/shared/wire/messages";
import { AgentHelloSchema, PROTOCOL_VERSION } from "@vpclab/shared/wire/messages";
import type { z } from "zod";
import { notApproved } from "../services/host-admission";
import type { NotAdmitted } from "../services/host-admission";
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

/** A hello that was proved, and the key that proved it. */
export interface ProvedHello {
  readonly hello: AgentHello;
  readonly hostKey: VerifyKey;
}

/**
 * Whether a hello comes from a host that was let in, on this very connection. The host is looked up by the id in the
 * body, then the body is verified with that host's key, and with no other.
 */
export async function checkHello(
  envelope: Envelope, serverNonce: string, findHost: (agentId: string) => Promise<KnownHost | null>,
): Promise<Result<ProvedHello, NotAdmitted>> {
  const claimed = peekEnvelope(envelope, AgentHelloSchema);
  if (!claimed.ok) return claimed;
  const host = await findHost(claimed.value.agentId);
  if (!host) return err({ code: "KEY_UNKNOWN", message: "This agent is not enrolled here." });
  const hostKey = verifyKeyFromText(host.publicKey);
  const hello = openEnvelope(envelope, PAYLOAD_TYPE.agentHello, hostKey, AgentHelloSchema);
  if (!hello.ok) return hello;
  if (hello.value.serverNonce !== serverNonce) return err({ code: "SESSION", message: "This hello was made for another connection." });
  if (host.state !== "approved") return err(notApproved(host.state));
  return ok({ hello: hello.value, hostKey });
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
