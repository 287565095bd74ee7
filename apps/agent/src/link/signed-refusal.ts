import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { JobResultSchema } from "@vpclab/shared/wire/messages";
import { PROTOCOL_VERSION } from "@vpclab/shared/wire/messages";
import type { z } from "zod";
import type { Identity } from "../state/identity";
import { sealEnvelope } from "./envelope";
import type { OutgoingMessage } from "./outgoing-message";

type Refused = Extract<OutgoingMessage, { type: "job-refused" }>;
/** As the message has it: values that nobody changes. */
type Body = Omit<z.infer<typeof JobResultSchema>, "failure"> & Pick<Refused, "failure">;

/** A refusal with this agent's signature over it, so that whoever keeps it can show whose word it is. */
export function signedRefusal(message: Refused, session: string, { agentId, agentKey }: Pick<Identity, "agentId" | "agentKey">): Refused {
  const body: Body = { v: PROTOCOL_VERSION, agentId, session, jobId: message.jobId, failure: message.failure };
  return { ...message, result: sealEnvelope(PAYLOAD_TYPE.result, body, agentKey) };
}
