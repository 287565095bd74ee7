import type { Direction } from "../topology/topology";
import type { DrawnInstance, DrawnSubnet } from "./drawing";
import { decideFirewall } from "./firewall";
import { decideNetworkAcl } from "./network-acl";
import { isAnswerTo, type Packet } from "./packet";
import type { Stop } from "./passage";
import { ruleThatAllows } from "./security-groups";
import { recall, remember, type Trip } from "./trip";

/**
 * What filters in an instance's own namespace, one gate after the other: its subnet's firewall stands outside of its security
 * groups, in both directions. Both are stateful: the answer in a connection that the instance has let through before passes,
 * whatever the rules say. An answer whose question came another way is judged like a new packet.
 */
export function passInstance(trip: Trip, instance: DrawnInstance, gates: readonly Direction[], packet: Packet): Stop | null {
  const before = recall(trip, instance.id);
  const at: AtGate = { trip, instance, packet, established: before !== undefined && isAnswerTo(packet, before.left) };
  for (const direction of gates) {
    const stop = direction === "ingress"
      ? passFirewall(at, direction) ?? passGroups(at, direction)
      : passGroups(at, direction) ?? passFirewall(at, direction);
    if (stop) return stop;
  }
  remember(trip, instance.id, packet);
  return null;
}

/** What filters the host's own connections to an instance: the firewall of its subnet alone. */
export const passHost = (trip: Trip, instance: DrawnInstance, packet: Packet): Stop | null =>
  passFirewall({ trip, instance, packet, established: false }, "ingress");

interface AtGate {
  readonly trip: Trip;
  readonly instance: DrawnInstance;
  readonly packet: Packet;
  readonly established: boolean;
}

function passGroups({ trip, instance, packet, established }: AtGate, direction: Direction): Stop | null {
  const by = established ? "answer" : ruleThatAllows(instance.groups, direction, packet);
  if (!by) {
    const code = instance.groups.rules[direction].length === 0 ? "SG_HAS_NO_RULES" : "ENI_SG_RULES_MISMATCH";
    return { code, instance, direction, packet };
  }
  trip.passages.push({ at: "security-group", instance, direction, packet, by });
  return null;
}

function passFirewall({ trip, instance, packet, established }: AtGate, direction: Direction): Stop | null {
  const gate = instance.subnet.firewall;
  if (!gate) return null;
  const { pass, by } = established ? { pass: true, by: "answer" as const } : decideFirewall(gate, direction, packet);
  if (!pass) return { code: "FIREWALL_RULES_RESTRICTION", instance, direction, packet, by: by === "answer" ? null : by };
  trip.passages.push({ at: "firewall", instance, direction, packet, by });
  return null;
}

/** The network ACL at a subnet's edge, for what leaves it (egress) or enters it (ingress). */
export function passAcl(trip: Trip, subnet: DrawnSubnet, direction: Direction, packet: Packet): Stop | null {
  const { pass, entry } = decideNetworkAcl(subnet.acl, direction, packet);
  if (!pass) return { code: "SUBNET_ACL_RESTRICTION", subnet, direction, packet, entry };
  trip.passages.push({ at: "network-acl", subnet, direction, packet, entry });
  return null;
}
