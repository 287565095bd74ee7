import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import { toWireError } from "@vpclab/shared/errors/app-error";
import type { Job } from "@vpclab/shared/wire/job";
import type { ProbeResult } from "@vpclab/shared/wire/live";
import type { Authority, Refusal, VerifiedProbe } from "../link/verify-job";
import type { Action } from "./action";
import { actorOf, secondsSince } from "./action";

/** A test is carried out and written down, however it comes out. */
export async function recordedProbe(job: VerifiedProbe, work: () => Promise<ProbeResult>, record: (action: Action) => void): Promise<ProbeResult> {
  const startedAt = performance.now();
  const about = { actor: actorOf(job), action: "probe", topologyId: job.topologyId, topologyName: null, revision: null, steps: [] };
  try {
    const result = await work();
    const text = `${job.probe.kind}${portText(job)} from ${result.source} to ${result.destination}: ${result.sentence}`;
    record({ ...about, text, outcome: "done", reason: null, seconds: secondsSince(startedAt) });
    return result;
  } catch (error) {
    const text = `${job.probe.kind}${portText(job)} from ${endText(job.probe.source)} to ${endText(job.probe.destination)}`;
    record({ ...about, text, outcome: "failed", reason: toWireError(error).publicMessage, seconds: secondsSince(startedAt) });
    throw error;
  }
}

const portText = ({ probe: { port } }: VerifiedProbe): string => (port === null ? "" : ` port ${port}`);
const endText = (end: ProbeEnd): string => ("internet" in end ? "the internet" : end.instanceId);

/** Somebody asked for what this host does not do. A plan or a look at the system changes nothing, so its refusal is no action. */
export function refusedAction({ job, code, message }: Refusal, authority: Authority): Action | null {
  if (job?.kind === "plan" || job?.kind === "checks") return null;
  const asked = job === null ? { actor: authority === "server" ? "a server" : "root", action: "apply", topologyId: null, topologyName: null, revision: null } : askedFor(job);
  return { ...asked, text: "refused before anything was done", outcome: "refused", reason: `${code}: ${message}`, seconds: 0, steps: [] };
}

function askedFor(job: Exclude<Job, { kind: "plan" | "checks" }>): Pick<Action, "actor" | "action" | "topologyId" | "topologyName" | "revision"> {
  const who = { actor: actorOf(job), topologyId: job.topologyId };
  if (job.kind === "probe") return { ...who, action: "probe", topologyName: null, revision: null };
  return { ...who, action: job.desired === null ? "remove" : "apply", topologyName: job.topologyName, revision: job.revision };
}
