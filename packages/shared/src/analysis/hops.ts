import { formatCidr } from "../net/cidr";
import { describeFirewallRule, describeRule } from "../topology/describe-rule";
import type { DrawnRoute } from "../topology/topology";
import type { Drawing } from "./drawing";
import type { Passage, Translation } from "./passage";
import type { RouteDecision } from "./routing";
import type { Hop } from "./verdict";
import { instanceName, natName, trafficOf } from "./wording";

/** Places passed, with what let the packet pass there. */
export const hopsOf = (passages: readonly Passage[], drawing: Drawing): Hop[] => passages.map((passage) => hopOf(passage, drawing));

/** Drawn objects on a way, in order, each place once however many gates it has. The internet is no object: null. */
export const hopObjects = (hops: readonly Hop[]): (string | null)[] =>
  hops.map(({ objectId }) => objectId).filter((id, i, all) => i === 0 || id !== all[i - 1]);

function hopOf(passage: Passage, drawing: Drawing): Hop {
  switch (passage.at) {
    case "security-group": {
      const { instance, by, direction, packet } = passage;
      if (by === "answer") return pass(instance.instance, null, "security groups are stateful: the answer passes");
      if (by === "unfiltered") return pass(instance.instance, null, "the subnet's router is not filtered");
      return pass(instance.instance, by.group.id, `${direction} ${by.rule.id} allows ${describeRule(by.rule, nameOf(drawing))} (${trafficOf(packet, direction)})`);
    }
    case "firewall": return pass(passage.instance.instance, passage.instance.subnet.subnet.id, firewallNote(passage));
    case "network-acl": {
      const { subnet, entry, direction, packet } = passage;
      return pass(subnet.subnet, subnet.acl.acl.id, `${direction} entry ${entry?.number ?? "*"} allows ${trafficOf(packet, direction)}`);
    }
    case "segment": return pass(passage.subnet.subnet, null, "same subnet, no router");
    case "route-table": return pass(passage.subnet.vpc.vpc, passage.subnet.table.id, routeNote(passage.decision, formatCidr(passage.subnet.vpc.cidr)));
    case "own-subnets": return pass(passage.vpc.vpc, null, `only to its own subnets (${formatCidr(passage.vpc.cidr)})`);
    case "nat-gateway": return pass(passage.nat.gateway, passage.nat.id, `translates the ${passage.translated}`);
    case "internet-gateway": return pass(passage.gateway, byOf(passage.translation), translationNote(passage.translation));
    case "peering": return pass(passage.peering, passage.peering.id, "active");
    case "internet": return { objectId: null, label: "Internet", by: null, note: "", verdict: "pass" };
    case "host": return { objectId: null, label: "Host", by: null, note: "", verdict: "pass" };
    case "host-access": return pass(passage.instance.instance, null, "the host has a link of its own into the VPC: groups and ACLs are not asked");
    case "loopback": return pass(passage.instance.instance, null, "its own address");
  }
}

function firewallNote({ by, direction, packet }: Extract<Passage, { at: "firewall" }>): string {
  if (by === "answer") return "the subnet's firewall is stateful: the answer passes";
  const traffic = trafficOf(packet, direction);
  return by ? `firewall ${direction} rule ${by.number}: ${describeFirewallRule(by.rule)} (${traffic})` : `firewall ${direction} default allows ${traffic}`;
}

const pass = (object: { id: string; name: string }, by: string | null, note: string): Hop =>
  ({ objectId: object.id, label: object.name, by, note, verdict: "pass" });

const nameOf = ({ index }: Drawing) => (id: string): string => index.groupById.get(id)?.name ?? id;

/** Destination and target, as a route table shows them. */
export function routeNote(decision: RouteDecision, vpcCidr: string): string {
  const to = (route: DrawnRoute, target: string) => `route ${route.destination} → ${target}`;
  switch (decision.kind) {
    case "local": return `route ${vpcCidr} → local`;
    case "internet-gateway": return to(decision.route, decision.gateway.name);
    case "interface": return to(decision.route, decision.target.kind === "instance" ? instanceName(decision.target) : natName(decision.target));
    case "peering": return to(decision.route, decision.peering.name);
    case "blackhole": return to(decision.route, "blackhole");
    case "none": return "no route";
  }
}

const byOf = (translation: Translation): string | null => (translation.kind === "elastic-ip" ? translation.elasticIp.id : null);

export function translationNote(translation: Translation): string {
  switch (translation.kind) {
    case "elastic-ip": return `translates to and from Elastic IP ${translation.elasticIp.name}`;
    case "auto-assigned": return "translates to and from the public address assigned by the subnet";
    case "host-address": return "translates to the host's address";
    case "published-port": return `port ${translation.published.hostPort} of the host leads to ${translation.published.protocol} ${translation.published.port}`;
    case "answer": return "translates the answer back";
  }
}
