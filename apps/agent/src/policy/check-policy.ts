import { cidrFrom, containsCidr, overlaps } from "@vpclab/shared/net/cidr";
import type { Issue } from "@vpclab/shared/errors/issue";
import type { Topology } from "@vpclab/shared/topology/topology";
import { checkLimits } from "./check-limits";
import type { Policy } from "./policy";
import { ruleText } from "./policy";

const refusal = (code: Issue["code"], path: Issue["path"], message: string, objectId?: string): Issue => ({
  severity: "error", code, path, message, ...(objectId ? { objectId } : {}),
});

/**
 * What the policy says against `doc` beside the documents that are deployed already (other topologies'). `portsInUse`: what the
 * host's own programs wait on, e.g. `tcp 22`; a published port would take their callers away. Empty: allowed.
 */
export function checkPolicy(policy: Policy, doc: Topology, others: readonly Topology[], portsInUse: ReadonlySet<string> = new Set()): Issue[] {
  return [
    ...checkCidrs(policy, doc), ...checkUplink(policy, doc), ...checkFeatures(policy, doc), ...checkPublishedRange(policy, doc), ...checkPublishedTwice(doc, others), ...checkPublishedInUse(doc, portsInUse),
    ...checkLimits(policy, doc, others),
  ];
}

function checkCidrs(policy: Policy, doc: Topology): Issue[] {
  const { allowCidrs, denyCidrs } = policy.rules;
  const problemOf = (text: string): string | null => {
    const cidr = cidrFrom(text);
    const denied = denyCidrs.find((other) => overlaps(cidrFrom(other), cidr));
    if (denied !== undefined) return `is not allowed on this host: it overlaps ${denied}: ${ruleText(policy, "denyCidrs")}.`;
    if (allowCidrs.some((outer) => containsCidr(cidrFrom(outer), cidr))) return null;
    return `is not allowed on this host, which has room in ${allowCidrs.join(", ") || "nothing"} only: ${ruleText(policy, "allowCidrs")}.`;
  };
  return [
    ...doc.vpcs.flatMap(({ id, name, cidr }, i) => {
      const problem = problemOf(cidr);
      return problem === null ? [] : [refusal("POLICY_CIDR", ["vpcs", i, "cidr"], `${cidr} of ${name} ${problem}`, id)];
    }),
    ...doc.peerings.flatMap(({ id, name, remote }, i) => {
      const problem = remote ? problemOf(remote.cidr) : null;
      return !remote || problem === null ? [] : [refusal("POLICY_CIDR", ["peerings", i, "remote", "cidr"], `${remote.cidr} behind peering ${name} ${problem}`, id)];
    }),
  ];
}

function checkUplink(policy: Policy, doc: Topology): Issue[] {
  if (policy.rules.allowUplink) return [];
  return doc.internetGateways.map(({ id, name }, i) =>
    refusal("POLICY_UPLINK", ["internetGateways", i], `Internet gateway ${name} is not allowed: nothing may leave by this host's uplink (${ruleText(policy, "allowUplink")}).`, id));
}

function checkFeatures(policy: Policy, doc: Topology): Issue[] {
  if (policy.rules.features.webServer) return [];
  return doc.instances.flatMap((instance, i) => instance.webServer === null ? [] : [
    refusal("POLICY_FEATURE", ["instances", i, "webServer"], `Web servers are switched off on this host: ${ruleText(policy, "features.webServer")}.`, instance.id),
  ]);
}

/** Every published port of a document, with the place where it stands. */
const published = (doc: Topology) => doc.instances.flatMap((instance, i) => instance.publishedPorts.map((entry, j) => ({
  instance, path: ["instances", i, "publishedPorts", j, "hostPort"] as const, key: `${entry.protocol} ${entry.hostPort}`, hostPort: entry.hostPort,
})));

function checkPublishedRange(policy: Policy, doc: Topology): Issue[] {
  const { from, to } = policy.rules.publishedPorts;
  return published(doc).filter(({ hostPort }) => hostPort < from || hostPort > to).map(({ instance, path, hostPort }) =>
    refusal("POLICY_LIMIT", path, `Host port ${hostPort} may not be published here, only ${from} to ${to}: ${ruleText(policy, "publishedPorts")}. Choose one of these.`, instance.id));
}

/** One port of the host leads to one instance; inside a document validateTopology sees to it. */
function checkPublishedTwice(doc: Topology, others: readonly Topology[]): Issue[] {
  const taken = new Set(others.flatMap(published).map(({ key }) => key));
  return published(doc).filter(({ key }) => taken.has(key)).map(({ instance, path, key }) =>
    refusal("PORT_TAKEN", path, `Host port ${key} is published by another topology on this host; choose another one.`, instance.id));
}

const checkPublishedInUse = (doc: Topology, portsInUse: ReadonlySet<string>): Issue[] =>
  published(doc).filter(({ key }) => portsInUse.has(key)).map(({ instance, path, key }) =>
    refusal("PORT_TAKEN", path, `A program of this host waits on ${key} already; choose another host port.`, instance.id));

/** A probe sends packets, so the host may forbid it, or more than so many. `recent`: tests that the server asked for in the last minute. */
export function checkProbePolicy(policy: Policy, recent = 0): Issue[] {
  const { features, max } = policy.rules;
  if (!features.probe) return [refusal("POLICY_FEATURE", [], `Probes are switched off on this host: ${ruleText(policy, "features.probe")}.`)];
  if (recent < max.probesPerMin) return [];
  return [refusal("POLICY_LIMIT", [], `This host makes at most ${max.probesPerMin} tests in a minute: ${ruleText(policy, "max.probesPerMin")}. Try again in a minute.`)];
}

/** The same for many at once: `count` flows, after `recent` of the last minute. */
export function checkFlowPolicy(policy: Policy, count: number, recent = 0): Issue[] {
  const { features, max } = policy.rules;
  if (!features.probe) return checkProbePolicy(policy);
  if (recent + count <= max.flowsPerMin) return [];
  return [refusal("POLICY_LIMIT", [], `This host measures at most ${max.flowsPerMin} flows in a minute: ${ruleText(policy, "max.flowsPerMin")}. Try again in a minute, or measure fewer.`)];
}

/** Of one signed job. */
export function checkJobBytes(policy: Policy, bytes: number): Issue[] {
  const { jobBytes } = policy.rules.max;
  return bytes <= jobBytes ? [] : [refusal("POLICY_LIMIT", [], `This job has ${bytes} bytes, at most ${jobBytes} are read on this host: ${ruleText(policy, "max.jobBytes")}.`)];
}
