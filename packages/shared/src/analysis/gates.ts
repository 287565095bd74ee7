import type { Direction } from "../topology/topology";
import type { DrawnInstance, DrawnSubnet } from "./drawing";
import { decideNetworkAcl } from "./network-acl";
import { isAnswerTo, type Packet } from "./packet";
import type { Stop } from "./passage";
import { ruleThatAllows } from "./security-groups";
import { recall, remember, type Trip } from "./trip";

/**
 * The security groups of an instance, one gate after the other. Stateful: the answer in a connection that it has let through
 * before passes, whatever the rules say. An answer whose question came another way is judged like a new packet.
 */
export function passGroups(trip: Trip, instance: DrawnInstance, gates: readonly Direction[], packet: Packet): Stop | null {
  const before = recall(trip, instance.id);
  const established = before !== undefined && isAnswerTo(packet, before.left);
  for (const direction of gates) {
    const by = established ? "answer" : ruleThatAllows(instance.groups, direction, packet);
    if (!by) {
      const code = instance.groups.rules[direction].length === 0 ? "SG_HAS_NO_RULES" : "ENI_SG_RULES_MISMATCH";
      return { code, instance, direction, packet };
    }
    trip.passages.push({ at: "security-group", instance, direction, packet, by });
  }
  remember(trip, instance.id, packet);
  return null;
}

/** The network ACL at a subnet's edge, for what leaves it (egress) or enters it (ingress). */
export function passAcl(trip: Trip, subnet: DrawnSubnet, direction: Direction, packet: Packet): Stop | null {
  const { pass, entry } = decideNetworkAcl(subnet.acl, direction, packet);
  if (!pass) return { code: "SUBNET_ACL_RESTRICTION", subnet, direction, packet, entry };
  trip.passages.push({ at: "network-acl", subnet, direction, packet, entry });
  return null;
}
