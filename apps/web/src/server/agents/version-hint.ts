import type { Envelope } from "@vpclab/shared/wire/job";
import { PROTOCOL_VERSION } from "@vpclab/shared/wire/messages";
import { z } from "zod";
import { peekEnvelope } from "../signing/envelope";

const VersionSchema = z.looseObject({ v: z.int().min(0).max(65_535) });

/**
 * What to say to an agent that speaks another version of the protocol; null where it speaks ours. There is no other version to
 * fall back to, whatever a hello offers. Fits the reason of a close frame (123 bytes).
 */
export function versionHint(hello: Envelope): string | null {
  const peeked = peekEnvelope(hello, VersionSchema);
  if (!peeked.ok || peeked.value.v === PROTOCOL_VERSION) return null;
  const older = peeked.value.v < PROTOCOL_VERSION ? "agent" : "server";
  return `PROTOCOL: the agent speaks version ${peeked.value.v}, this server ${PROTOCOL_VERSION}; upgrade the ${older}`;
}
