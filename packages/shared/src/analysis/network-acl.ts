import { cidrFrom, containsAddress } from "../net/cidr";
import type { Cidr } from "../net/cidr";
import type { Direction, NetworkAcl, NetworkAclEntry, PortRange } from "../topology/topology";
import { ALL_PORTS, covers, coversProtocol, meets, type Packet, without } from "./packet";

interface PreparedEntry {
  readonly entry: NetworkAclEntry;
  readonly ports: Readonly<PortRange>;
  readonly cidr: Cidr;
}

/** A network ACL at the edge of a subnet, its entries in the order in which they decide. */
export interface NetworkAclGate {
  readonly acl: NetworkAcl;
  readonly entries: Readonly<Record<Direction, readonly PreparedEntry[]>>;
}

export interface NetworkAclDecision {
  readonly pass: boolean;
  /** The entry that decides; null: the last one of every ACL, which denies and has no number. */
  readonly entry: NetworkAclEntry | null;
}

export function networkAclGate(acl: NetworkAcl): NetworkAclGate {
  const of = (direction: Direction): PreparedEntry[] =>
    acl.entries.filter((entry) => entry.direction === direction)
      .sort((a, b) => a.number - b.number)
      .map((entry) => ({ entry, ports: entry.ports ?? ALL_PORTS, cidr: cidrFrom(entry.cidr) }));
  return { acl, entries: { ingress: of("ingress"), egress: of("egress") } };
}

/** Stateless: an answer is judged like any other packet. Where only some of its ports are let through, it may be lost: denied. */
export function decideNetworkAcl(gate: NetworkAclGate, direction: Direction, packet: Packet): NetworkAclDecision {
  const far = direction === "ingress" ? packet.source : packet.destination;
  let open: readonly Readonly<PortRange>[] = [packet.destinationPorts];
  let first: NetworkAclEntry | null = null;
  for (const { entry, ports, cidr } of gate.entries[direction]) {
    if (!coversProtocol(entry.protocol, packet) || !containsAddress(cidr, far)) continue;
    if (!open.some((range) => meets(range, ports))) continue;
    if (entry.action === "deny") return { pass: false, entry };
    if (!first && covers(ports, packet.destinationPorts)) return { pass: true, entry };
    first ??= entry;
    open = without(open, ports);
    if (open.length === 0) return { pass: true, entry: first };
  }
  return { pass: false, entry: null };
}
