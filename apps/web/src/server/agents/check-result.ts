import type { Result } from "@vpclab/shared/errors/result";
import { err, ok } from "@vpclab/shared/errors/result";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import type { JobFailure } from "@vpclab/shared/wire/live";
import type { AgentMessage } from "@vpclab/shared/wire/messages";
import { JobResultSchema } from "@vpclab/shared/wire/messages";
import type { VerifyKey } from "../signing/ed25519";
import { openEnvelope } from "../signing/envelope";
import type { NotAdmitted } from "../services/host-admission";
import type { AgentHello } from "./handshake";

/** What the host has signed of a refusal, if it is about that job and was made on this connection; the words beside it do not count. */
export function checkResult({ jobId, result }: Extract<AgentMessage, { type: "job-refused" }>, hello: AgentHello, key: VerifyKey): Result<JobFailure, NotAdmitted> {
  if (!result) return err({ code: "SIG_COUNT", message: "a refusal that is not signed" });
  const opened = openEnvelope(result, PAYLOAD_TYPE.result, key, JobResultSchema);
  if (!opened.ok) return opened;
  const { agentId, session, jobId: signedJobId, failure } = opened.value;
  const isOfThis = agentId === hello.agentId && session === hello.agentNonce && signedJobId === jobId;
  return isOfThis ? ok(failure) : err({ code: "SESSION", message: "a refusal of another job or connection" });
}
