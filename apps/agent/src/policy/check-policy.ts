import { cidrFrom, containsCidr } from "@vpclab/shared/net/cidr";
import type { Issue } from "@vpclab/shared/errors/issue";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { Policy, PolicyRules } from "./policy";

const refusal = (code: Issue["code"], path: Issue["path"], message: string, objectId?: string): Issue => ({
  severity: "error", code, path, message, ...(objectId ? { objectId } : {}),
});

/**
 * What the policy says against `doc` beside the documents that are deployed already (other topologies'). `portsInUse`: what the
 * host's own programs wait on, e.g. `tcp 22`; a published port would take their callers away. Empty: allowed.
 */
export function checkPolicy(policy: Policy, doc: Topology, others: readonly Topology[], portsInUse: ReadonlySet<string> = new Set()): Issue[] {
  return [
    ...checkCidrs(policy, doc), ...checkFeatures(policy, doc), ...checkPublishedRange(policy, doc), ...checkPublishedTwice(doc, others), ...checkPublishedInUse(doc, portsInUse),
    ...checkLimits(policy, [doc, ...others]),
  ];
}

function checkCidrs({ rules, source }: Policy, doc: Topology): Issue[] {
  const allowed = rules.allowCidrs.map(cidrFrom);
  const isAllowed = (cidr: string): boolean => allowed.some((outer) => containsCidr(outer, cidrFrom(cidr)));
  const words = `is not allowed on this host: allowCidrs of ${source} has ${rules.allowCidrs.join(", ") || "nothing"}.`;
  return [
    ...doc.vpcs.flatMap((vpc, i) => isAllowed(vpc.cidr) ? [] : [refusal("POLICY_CIDR", ["vpcs", i, "cidr"], `${vpc.cidr} of ${vpc.name} ${words}`, vpc.id)]),
    ...doc.peerings.flatMap(({ id, name, remote }, i) => !remote || isAllowed(remote.cidr) ? [] : [
      refusal("POLICY_CIDR", ["peerings", i, "remote", "cidr"], `${remote.cidr} behind peering ${name} ${words}`, id),
    ]),
  ];
}

function checkFeatures({ rules, source }: Policy, doc: Topology): Issue[] {
  if (rules.features.webServer) return [];
  return doc.instances.flatMap((instance, i) => instance.webServer === null ? [] : [
    refusal("POLICY_FEATURE", ["instances", i, "webServer"], `Web servers are switched off on this host: features.webServer of ${source}.`, instance.id),
  ]);
}

/** Every published port of a document, with the place where it stands. */
const published = (doc: Topology) => doc.instances.flatMap((instance, i) => instance.publishedPorts.map((entry, j) => ({
  instance, path: ["instances", i, "publishedPorts", j, "hostPort"] as const, key: `${entry.protocol} ${entry.hostPort}`, hostPort: entry.hostPort,
})));

function checkPublishedRange({ rules, source }: Policy, doc: Topology): Issue[] {
  const { from, to } = rules.publishedPorts;
  return published(doc).filter(({ hostPort }) => hostPort < from || hostPort > to).map(({ instance, path, hostPort }) =>
    refusal("POLICY_LIMIT", path, `Host port ${hostPort} may not be published here, only ${from} to ${to}: publishedPorts of ${source}. Choose one of these.`, instance.id));
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

function checkLimits({ rules, source }: Policy, docs: readonly Topology[]): Issue[] {
  const sum = (count: (doc: Topology) => number): number => docs.reduce((total, doc) => total + count(doc), 0);
  const inner = <T>(items: readonly T[], count: (item: T) => number): number => items.reduce((total, item) => total + count(item), 0);
  const asked: Record<keyof PolicyRules["max"], number> = {
    topologies: docs.length,
    vpcs: sum((doc) => doc.vpcs.length),
    subnets: sum((doc) => doc.subnets.length),
    instances: sum((doc) => doc.instances.length),
    natGateways: sum((doc) => doc.natGateways.length),
    elasticIps: sum((doc) => doc.elasticIps.length),
    routeTables: sum((doc) => doc.routeTables.length),
    routes: sum((doc) => inner(doc.routeTables, (table) => table.routes.length)),
    securityGroups: sum((doc) => doc.securityGroups.length),
    networkAcls: sum((doc) => doc.networkAcls.length),
    rules: sum((doc) => inner(doc.securityGroups, (group) => group.rules.length) + inner(doc.networkAcls, (acl) => acl.entries.length)),
    publishedPorts: sum((doc) => inner(doc.instances, (instance) => instance.publishedPorts.length)),
    links: sum((doc) => doc.subnets.length + doc.instances.length + doc.natGateways.length + doc.internetGateways.length + doc.peerings.length),
  };
  return Object.entries(rules.max).flatMap(([kind, most]) => {
    const count = asked[kind as keyof PolicyRules["max"]];
    return count <= most ? [] : [
      refusal("POLICY_LIMIT", [], `This would make ${count} ${kind} on this host, at most ${most} are allowed: max.${kind} of ${source}.`),
    ];
  });
}

/** A probe sends packets, so the host may forbid it. */
export function checkProbePolicy({ rules, source }: Policy): Issue[] {
  return rules.features.probe ? [] : [refusal("POLICY_FEATURE", [], `Probes are switched off on this host: features.probe of ${source}.`)];
}
