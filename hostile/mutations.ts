import { decoderFault } from "@vpclab/shared/testing/fuzz-json";
import { ServerMessageSchema } from "@vpclab/shared/wire/messages";
import { decodeStrictJson, ENVELOPE_LIMITS } from "@vpclab/shared/wire/strict-json";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { SigningKey } from "../apps/agent/src/link/ed25519";
import { sealEnvelope } from "../apps/agent/src/link/envelope";
import { verifyJob } from "../apps/agent/src/link/verify-job";
import type { Policy } from "../apps/agent/src/policy/policy";
import type { Random } from "../prove/random";
import { AGENT_ID } from "./target";

const SESSION = "s".repeat(32);
const NOW = 1_800_000_000_000;
const TOKENS = ['"', "{", "}", "[", "]", ",", ":", "0", "1", "\\", "\\u0061", " ", "\n", "=", "A", "-", '"type"', '"payload"', '"sig"', "null", "\u00e9"].map((text) => Buffer.from(text));

export interface Mutations {
  readonly tried: number;
  /** What the decoder has made of one that it should not have, with the frame. */
  readonly misread: readonly string[];
  /** Frames that were accepted and say something else than what was signed. */
  readonly accepted: readonly string[];
}

/**
 * One signed job, with bytes of its frame changed in every way that chance finds. Frames that say the same with other white space
 * or escapes are the same job, and count as such.
 */
export function mutateFrames(count: number, random: Random, key: SigningKey, policy: Policy): Mutations {
  const job = {
    v: 1, kind: "apply", aud: AGENT_ID, session: SESSION, seq: 1, jobId: "job-1", topologyId: "00000000-0000-4000-8000-000000000001", issuedAt: NOW, notAfter: NOW + 60_000,
    actor: { userId: "u", name: "ann", role: "admin" }, topologyName: "lab", revision: 1, epoch: 1, generation: 1, desired: null,
  };
  const envelope = sealEnvelope(PAYLOAD_TYPE.job, job, key);
  const frame = Buffer.from(JSON.stringify({ type: "job", envelope }));
  const original = JSON.stringify(envelope);
  const accepted: string[] = [];
  const misread: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const touched = touch(frame, random);
    const fault = decoderFault(touched, ENVELOPE_LIMITS);
    if (fault !== null) misread.push(`${fault}: ${touched.toString("latin1")}`);
    const decoded = decodeStrictJson(touched, ENVELOPE_LIMITS);
    const message = decoded.ok ? ServerMessageSchema.safeParse(decoded.value) : null;
    if (!message?.success || message.data.type !== "job") continue;
    const verdict = verifyJob(message.data.envelope, { authority: "server", key, epoch: 1, agentId: AGENT_ID, session: SESSION, lastSeq: 0, nowMs: NOW, fenceOf: () => null, deployed: [], policy });
    if (verdict.ok && JSON.stringify(message.data.envelope) !== original) accepted.push(touched.toString("latin1"));
  }
  return { tried: count, accepted, misread };
}

/** One to four changes at places of their own. */
function touch(frame: Buffer, random: Random): Buffer {
  let bytes = frame;
  for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
    const at = random.below(bytes.length);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    switch (random.below(7)) {
      case 0: bytes = Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ (1 << random.below(8))]), after.subarray(1)]); break;
      case 1: bytes = Buffer.concat([before, after.subarray(1 + random.below(8))]); break;
      case 2: bytes = Buffer.concat([before, random.pick(TOKENS), after]); break;
      case 3: bytes = Buffer.concat([before, Buffer.from([random.below(256)]), after.subarray(1)]); break;
      case 4: bytes = Buffer.concat([before, after.subarray(0, 1 + random.below(40)), after]); break;
      case 5: bytes = Buffer.concat([after, before]); break;
      default: bytes = Buffer.concat([before, frame.subarray(random.below(frame.length)), after]).subarray(0, 4096);
    }
  }
  return bytes;
}
