import type { PlacedInstance } from "@vpclab/shared/plan/compile-instance";
import { namespaceOfInstance } from "@vpclab/shared/plan/compile-instance";
import { routerNamespace } from "@vpclab/shared/net/namespace-name";
import { counterOf } from "@vpclab/shared/plan/rule-match";
import type { Instance } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { RuleHit, RuleHits } from "@vpclab/shared/wire/live";
import { Breather } from "../kernel/breather";
import type { NamedCounter } from "../kernel/rule-counters";
import { ruleCounters } from "../kernel/rule-counters";
import type { VerifiedRuleHits } from "../link/verify-job";
import type { Deployments } from "./deployments";
import type { AppliedTopology } from "./remote-peerings";

/** A group of more instances is read in so many of them, and the answer says so. */
const PLACES_MAX = 256;

/** Where an object's rules stand, and how the names of their counters begin. */
interface Places {
  readonly namespaces: readonly string[];
  readonly counts: (counter: string) => boolean;
}

/** How often the rules of one object have decided. Reads counters, and writes nothing. */
export async function ruleHitsJob({ topologyId, objectId }: VerifiedRuleHits, deployments: Pick<Deployments, "applied" | "countingSince">): Promise<RuleHits> {
  const applied = deployments.applied(topologyId);
  const places = applied && placesOfRules(applied, objectId);
  if (!places) return { since: null, rules: {}, read: 0, places: 0 };
  const breather = new Breather();
  const rules = new Map<string, RuleHit>();
  let read = 0;
  for (const namespace of places.namespaces.slice(0, PLACES_MAX)) {
    await breather.pause();
    const counters = ruleCounters(namespace);
    if (!counters) continue;
    read += 1;
    for (const counter of counters) if (places.counts(counter.name)) add(rules, counter);
  }
  return { since: deployments.countingSince(topologyId), rules: Object.fromEntries(rules), read, places: places.namespaces.length };
}

const PREFIX = counterOf("");

function add(rules: Map<string, RuleHit>, { name, packets, bytes }: NamedCounter): void {
  const rule = name.slice(PREFIX.length);
  const before = rules.get(rule);
  rules.set(rule, { packets: packets + (before?.packets ?? 0), bytes: bytes + (before?.bytes ?? 0) });
}

/** A group's rules stand with each of its members, a firewall's with each instance of its subnet, an ACL's entries in its VPC's router. */
export function placesOfRules({ name, document }: Pick<AppliedTopology, "name" | "document">, objectId: string): Places | null {
  const index = indexTopology(document);
  const of = (instances: readonly Instance[]): string[] =>
    instances.flatMap((instance) => placeOf(index, instance)).map((place) => namespaceOfInstance(place, name));
  const group = index.groupById.get(objectId);
  if (group) {
    const own = new Set(group.rules.map(({ id }) => counterOf(id)));
    return { namespaces: of(index.membersOf(objectId)), counts: (counter) => own.has(counter) };
  }
  const acl = document.networkAcls.find(({ id }) => id === objectId);
  const vpc = acl && index.vpcById.get(acl.vpcId);
  if (acl && vpc) return { namespaces: [routerNamespace(name, vpc.name)], counts: (counter) => counter.startsWith(counterOf(`${acl.id}-`)) };
  const subnet = index.subnetById.get(objectId);
  if (!subnet?.firewall) return null;
  return { namespaces: of(document.instances.filter(({ subnetId }) => subnetId === objectId)), counts: (counter) => counter.startsWith(counterOf("fw-")) };
}

function placeOf(index: TopologyIndex, instance: Instance): PlacedInstance[] {
  const subnet = index.subnetById.get(instance.subnetId);
  const vpc = subnet && index.vpcById.get(subnet.vpcId);
  return subnet && vpc ? [{ instance, subnet, vpc }] : [];
}
