import type { Cidr } from "../net/cidr";
import { cidrFrom, containsAddress } from "../net/cidr";
import type { Direction, PortRange, Protocol } from "../topology/topology";
import { ALL_PORTS, covers, coversProtocol, meets, type Packet, without } from "./packet";

/** An entry of a network ACL or a rule of a firewall. */
interface Drawn {
  readonly direction: Direction;
  readonly action: "allow" | "deny";
  readonly protocol: Protocol;
  readonly ports: PortRange | null;
  readonly cidr: string;
}
interface Prepared<T> {
  readonly drawn: T;
  readonly ports: Readonly<PortRange>;
  readonly cidr: Cidr;
}
/** Per direction, in the order in which they decide. */
export type OrderedRules<T> = Readonly<Record<Direction, readonly Prepared<T>[]>>;

export interface OrderedDecision<T> {
  readonly pass: boolean;
  /** What decides; null: none of the list, but what comes after it. */
  readonly by: T | null;
}

/** `inOrder`: the first that matches decides. */
export function orderedRules<T extends Drawn>(inOrder: readonly T[]): OrderedRules<T> {
  const of = (direction: Direction): Prepared<T>[] =>
    inOrder.filter((drawn) => drawn.direction === direction).map((drawn) => ({ drawn, ports: drawn.ports ?? ALL_PORTS, cidr: cidrFrom(drawn.cidr) }));
  return { ingress: of("ingress"), egress: of("egress") };
}

/** Judges a packet as if it knew nothing of others. Where only some of its ports are let through, it may be lost: denied. */
export function decideInOrder<T extends Drawn>(rules: OrderedRules<T>, last: "allow" | "deny", direction: Direction, packet: Packet): OrderedDecision<T> {
  const far = direction === "ingress" ? packet.source : packet.destination;
  let open: readonly Readonly<PortRange>[] = [packet.destinationPorts];
  let first: T | null = null;
  for (const { drawn, ports, cidr } of rules[direction]) {
    if (!coversProtocol(drawn.protocol, packet) || !containsAddress(cidr, far)) continue;
    if (!open.some((range) => meets(range, ports))) continue;
    if (drawn.action === "deny") return { pass: false, by: drawn };
    if (!first && covers(ports, packet.destinationPorts)) return { pass: true, by: drawn };
    first ??= drawn;
    open = without(open, ports);
    if (open.length === 0) return { pass: true, by: first };
  }
  return { pass: last === "allow", by: last === "allow" ? first : null };
}
