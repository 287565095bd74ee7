import type { Issue } from "@vpclab/shared/errors/issue";
import type { CollectionName, Topology } from "@vpclab/shared/topology/topology";
import type { Policy, PolicyRules } from "./policy";
import { ruleText } from "./policy";

/** One drawn object, and how much of something it asks for. */
interface Share {
  readonly collection: CollectionName;
  readonly index: number;
  readonly id: string;
  readonly count: number;
}

/** What a document asks for, object by object. Limits on single jobs and on time are checked elsewhere. */
type Countable = Exclude<keyof PolicyRules["max"], "topologies" | "jobBytes" | "probesPerMin" | "flowsPerMin" | "confirmSeconds">;

const each = <C extends CollectionName>(doc: Topology, collection: C, count: (object: Topology[C][number]) => number = () => 1): Share[] =>
  (doc[collection] as readonly Topology[C][number][]).map((object, index) => ({ collection, index, id: object.id, count: count(object) }));

const SHARES: Readonly<Record<Countable, (doc: Topology) => Share[]>> = {
  vpcs: (doc) => each(doc, "vpcs"),
  subnets: (doc) => each(doc, "subnets"),
  instances: (doc) => each(doc, "instances"),
  natGateways: (doc) => each(doc, "natGateways"),
  elasticIps: (doc) => each(doc, "elasticIps"),
  routeTables: (doc) => each(doc, "routeTables"),
  routes: (doc) => each(doc, "routeTables", ({ routes }) => routes.length),
  securityGroups: (doc) => each(doc, "securityGroups"),
  networkAcls: (doc) => each(doc, "networkAcls"),
  rules: (doc) => [...each(doc, "securityGroups", ({ rules }) => rules.length), ...each(doc, "networkAcls", ({ entries }) => entries.length)],
  publishedPorts: (doc) => each(doc, "instances", ({ publishedPorts }) => publishedPorts.length),
  links: (doc) => [...each(doc, "subnets"), ...each(doc, "instances"), ...each(doc, "natGateways"), ...each(doc, "internetGateways"), ...each(doc, "peerings")],
};

const sum = (shares: readonly Share[]): number => shares.reduce((total, { count }) => total + count, 0);

/** What is too much on this host, of `doc` and the documents that are deployed already; each names the first object for which there is no room. */
export function checkLimits(policy: Policy, doc: Topology, others: readonly Topology[]): Issue[] {
  const { max } = policy.rules;
  const over = (kind: Countable | "topologies", count: number, at: Share | null): Issue => ({
    severity: "error", code: "POLICY_LIMIT", path: at ? [at.collection, at.index] : [], ...(at ? { objectId: at.id } : {}),
    message: `This would make ${count} ${kind} on this host, at most ${max[kind]} are allowed: ${ruleText(policy, `max.${kind}`)}.`,
  });
  const topologies = others.length + 1;
  return [
    ...(topologies > max.topologies ? [over("topologies", topologies, null)] : []),
    ...(Object.keys(SHARES) as Countable[]).flatMap((kind) => {
      const [mine, theirs] = [SHARES[kind](doc), others.reduce((total, other) => total + sum(SHARES[kind](other)), 0)];
      const count = theirs + sum(mine);
      return count <= max[kind] ? [] : [over(kind, count, firstBeyond(mine, max[kind] - theirs))];
    }),
  ];
}

function firstBeyond(shares: readonly Share[], room: number): Share | null {
  let total = 0;
  return shares.find(({ count }) => (total += count) > room) ?? null;
}
