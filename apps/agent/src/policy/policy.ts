import { z } from "zod";
import { cidrFrom, containsCidr, parseCidr } from "@vpclab/shared/net/cidr";
import type { Issue } from "@vpclab/shared/errors/issue";
import type { Topology } from "@vpclab/shared/topology/topology";

/**
 * What the host allows, whatever the server signs: a file on the host, read at start; there is no way to write it from
 * afar. SECURITY 2.4. Limits are for all topologies of this agent together.
 */
const limit = (most: number) => z.int().min(0).max(most);
export const PolicySchema = z.strictObject({
  /** Every VPC lies in one of these prefixes. */
  allowCidrs: z.array(z.string().refine((text) => parseCidr(text).ok, "a canonical IPv4 prefix, e.g. 10.0.0.0/8"))
    .default(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]),
  max: z.strictObject({
    topologies: limit(1000).default(50),
    vpcs: limit(5000).default(256),
    subnets: limit(20_000).default(2000),
    instances: limit(20_000).default(2000),
    /** Virtual links: one for each instance, gateway and peering, one bridge for each subnet. */
    links: limit(100_000).default(8000),
  }).prefault({}),
  features: z.strictObject({ probe: z.boolean().default(true), webServer: z.boolean().default(true) }).prefault({}),
});
export type PolicyRules = z.infer<typeof PolicySchema>;

export interface Policy {
  readonly rules: PolicyRules;
  /** Where it was read from, for messages: a path, or `the built-in policy`. */
  readonly source: string;
}

export const BUILT_IN_POLICY: Policy = { rules: PolicySchema.parse({}), source: "the built-in policy" };

const refusal = (code: Issue["code"], path: Issue["path"], message: string, objectId?: string): Issue => ({
  severity: "error", code, path, message, ...(objectId ? { objectId } : {}),
});

/** What the policy says against `doc` beside the documents that are deployed already (other topologies'). Empty: allowed. */
export function checkPolicy(policy: Policy, doc: Topology, others: readonly Topology[]): Issue[] {
  return [...checkCidrs(policy, doc), ...checkFeatures(policy, doc), ...checkLimits(policy, [doc, ...others])];
}

function checkCidrs({ rules, source }: Policy, doc: Topology): Issue[] {
  const allowed = rules.allowCidrs.map(cidrFrom);
  return doc.vpcs.flatMap((vpc, i) => allowed.some((outer) => containsCidr(outer, cidrFrom(vpc.cidr))) ? [] : [
    refusal("POLICY_CIDR", ["vpcs", i, "cidr"], `${vpc.cidr} of ${vpc.name} is not allowed on this host: allowCidrs of ${source} has ${rules.allowCidrs.join(", ") || "nothing"}.`, vpc.id),
  ]);
}

function checkFeatures({ rules, source }: Policy, doc: Topology): Issue[] {
  if (rules.features.webServer) return [];
  return doc.instances.flatMap((instance, i) => instance.webServer === null ? [] : [
    refusal("POLICY_FEATURE", ["instances", i, "webServer"], `Web servers are switched off on this host: features.webServer of ${source}.`, instance.id),
  ]);
}

function checkLimits({ rules, source }: Policy, docs: readonly Topology[]): Issue[] {
  const sum = (count: (doc: Topology) => number): number => docs.reduce((total, doc) => total + count(doc), 0);
  const asked: Record<keyof PolicyRules["max"], number> = {
    topologies: docs.length,
    vpcs: sum((doc) => doc.vpcs.length),
    subnets: sum((doc) => doc.subnets.length),
    instances: sum((doc) => doc.instances.length),
    links: sum((doc) => doc.subnets.length + doc.instances.length + doc.internetGateways.length + doc.peerings.length),
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
