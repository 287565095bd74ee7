import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import { toWireError } from "@vpclab/shared/errors/app-error";
import type { Job } from "@vpclab/shared/wire/job";
import type { MeasuredFlows, ProbeResult } from "@vpclab/shared/wire/live";
import type { Authority, Refusal, VerifiedMeasure, VerifiedProbe } from "../link/verify-job";
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

/** The same for many at once: one entry, with how many did what. */
export async function recordedMeasurement(job: VerifiedMeasure, work: () => Promise<MeasuredFlows>, record: (action: Action) => void): Promise<MeasuredFlows> {
  const startedAt = performance.now();
  const { kind, port, flows } = job.request;
  const what = `${kind}${port === null ? "" : ` port ${port}`} on ${flows.length} ${flows.length === 1 ? "pair" : "pairs"}`;
  const about = { actor: actorOf(job), action: "probe", topologyId: job.topologyId, topologyName: null, revision: null, steps: [] };
  try {
    const result = await work();
    const times = (outcome: MeasuredFlows["flows"][number]["outcome"]): number => result.flows.filter((flow) => flow.outcome === outcome).length;
    const text = `${what}: ${times("reached")} reached, ${times("refused")} refused, ${times("timeout")} without an answer`;
    record({ ...about, text, outcome: "done", reason: null, seconds: secondsSince(startedAt) });
    return result;
  } catch (error) {
    record({ ...about, text: what, outcome: "failed", reason: toWireError(error).publicMessage, seconds: secondsSince(startedAt) });
    throw error;
  }
}

const portText = ({ probe: { port } }: VerifiedProbe): string => (port === null ? "" : ` port ${port}`);
function endText(end: ProbeEnd): string {
  if ("internet" in end) return "the internet";
  if ("host" in end) return "the host";
  return "instanceId" in end ? end.instanceId : `the public address of ${end.publicAddressOf}`;
}

/** Somebody asked for what this host does not do. Who only looks changes nothing, so its refusal is no action. */
export function refusedAction({ job, code, message }: Refusal, authority: Authority): Action | null {
  if (job?.kind === "plan" || job?.kind === "inspect" || job?.kind === "rule-hits" || job?.kind === "checks") return null;
  const asked = job === null ? { actor: authority === "server" ? "a server" : "root", action: "apply", topologyId: null, topologyName: null, revision: null } : askedFor(job);
  return { ...asked, text: "refused before anything was done", outcome: "refused", reason: `${code}: ${message}`, seconds: 0, steps: [] };
}

function askedFor(job: Exclude<Job, { kind: "plan" | "inspect" | "rule-hits" | "checks" }>): Pick<Action, "actor" | "action" | "topologyId" | "topologyName" | "revision"> {
  const who = { actor: actorOf(job), topologyId: job.topologyId };
  if (job.kind === "cancel") return { ...who, action: "cancel", topologyName: null, revision: null };
  if (job.kind === "probe" || job.kind === "measure") return { ...who, action: "probe", topologyName: null, revision: null };
  return { ...who, action: job.desired === null ? "remove" : "apply", topologyName: job.topologyName, revision: job.revision };
}
