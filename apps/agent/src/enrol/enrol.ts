import { AppError } from "@vpclab/shared/errors/app-error";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { EnrolResponseSchema, PROTOCOL_VERSION, ServerKeysSchema } from "@vpclab/shared/wire/messages";
import { z } from "zod";
import type { TrustedKey } from "../link/ed25519";
import { importPublicKey } from "../link/ed25519";
import { sealEnvelope } from "../link/envelope";
import type { ServerAddress } from "../link/server-address";
import type { PinnedKey } from "../link/verify-key-set";
import { verifyFirstKeySet } from "../link/verify-key-set";
import { JoinSequence } from "../state/join-sequence";
import { ensureAgentKey, readIdentity, writeEnrolment } from "../state/identity";
import { requestJson } from "./http-json";
import type { JoinToken } from "./join-token";

/** What a server says when it refuses. */
const RefusalSchema = z.looseObject({ error: z.looseObject({ publicMessage: z.string() }) });

export interface EnrolOptions {
  readonly stateDir: string;
  readonly address: ServerAddress;
  /** As given by the person, kept for `run`. */
  readonly url: string;
  readonly token: JoinToken;
  readonly hostName: string;
  readonly mode: "sandbox" | "host" | "rootless";
}

export interface Enrolled {
  readonly agentId: string;
  readonly agentKey: TrustedKey;
  readonly serverKey: TrustedKey;
  readonly state: "pending" | "approved";
}

/**
 * Makes this host known to a server, once. The server's key is compared with the token's fingerprint before anything of the
 * token leaves this machine; then both sides hold each other's key. Throws AppError.
 */
export async function enrol(options: EnrolOptions): Promise<Enrolled> {
  const { stateDir, address, token, url } = options;
  if (await readIdentity(stateDir)) {
    throw new AppError("CONFLICT", `This host is enrolled already (${stateDir}); to enrol it anew, run \`vpclab-agent purge --forget\` first.`);
  }
  const { serverKey, keySet } = await fetchServerKey(address, token);
  const agentKey = await ensureAgentKey(stateDir);
  const body = {
    v: PROTOCOL_VERSION, tokenId: token.tokenId, publicKey: agentKey.text, hostName: options.hostName.slice(0, 64), mode: options.mode,
  };
  const answer = await requestJson(address, "POST", "/agent/v1/enrol", {
    tokenId: token.tokenId, secret: token.secret, hello: sealEnvelope(PAYLOAD_TYPE.enrol, body, agentKey),
  });
  if (answer.status !== 200) {
    const said = RefusalSchema.safeParse(answer.body);
    const why = said.success ? said.data.error.publicMessage.replace(/[^\x20-\x7e]/g, "·").slice(0, 300) : "A token works once and for a short time; ask for a new one.";
    throw new AppError("FORBIDDEN", `The server refused the enrolment (${answer.status}): ${why}`);
  }
  const response = EnrolResponseSchema.safeParse(answer.body);
  if (!response.success) throw new AppError("PROTOCOL", "The server's answer to the enrolment is not understood; are server and agent of the same version?");
  if (response.data.jobKey !== serverKey.text) throw new AppError("KEY_UNKNOWN", "The server answered with another key than the token speaks of; nothing was stored.");
  await (await JoinSequence.open(stateDir)).keep(0);
  await writeEnrolment(stateDir, { agentId: response.data.agentId, serverKey: serverKey.text, keySet, url });
  return { agentId: response.data.agentId, agentKey, serverKey, state: response.data.state };
}

/** The key that signs jobs, or an error when it is not the one the token was made for. Sends nothing of the token. */
async function fetchServerKey(address: ServerAddress, token: JoinToken): Promise<PinnedKey> {
  const answer = await requestJson(address, "GET", "/agent/v1/keys");
  const keys = answer.status === 200 ? ServerKeysSchema.safeParse(answer.body) : null;
  if (!keys?.success) throw new AppError("PROTOCOL", `The server did not show its key (status ${answer.status}); is this the address of a vpclab server?`);
  const key = importPublicKey(keys.data.jobKey);
  if (!key.ok) throw new AppError("KEY_UNKNOWN", `The server's key is refused: ${key.error}.`);
  if (key.value.keyId !== token.serverKeyId) {
    throw new AppError("KEY_UNKNOWN", "This is not the server that made the token: its key has another fingerprint. Nothing was sent.");
  }
  const pinned = verifyFirstKeySet(keys.data.keySet, key.value);
  if (!pinned.ok) throw new AppError("KEY_UNKNOWN", `The server's key set is refused: ${pinned.error.message}. Nothing was sent.`);
  return pinned.value;
}
