import type { Direction, NetworkAcl, NetworkAclEntry } from "../topology/topology";
import { decideInOrder, type OrderedRules, orderedRules } from "./ordered-rules";
import type { Packet } from "./packet";

/** A network ACL at the edge of a subnet, its entries in the order in which they decide. */
export interface NetworkAclGate {
  readonly acl: NetworkAcl;
  readonly entries: OrderedRules<NetworkAclEntry>;
}

export interface NetworkAclDecision {
  readonly pass: boolean;
  /** The entry that decides; null: the last one of every ACL, which denies and has no number. */
  readonly entry: NetworkAclEntry | null;
}

export const networkAclGate = (acl: NetworkAcl): NetworkAclGate =>
  ({ acl, entries: orderedRules([...acl.entries].sort((a, b) => a.number - b.number)) });

/** Stateless: an answer is judged like any other packet. */
export function decideNetworkAcl(gate: NetworkAclGate, direction: Direction, packet: Packet): NetworkAclDecision {
  const { pass, by } = decideInOrder(gate.entries, "deny", direction, packet);
  return { pass, entry: by };
}
