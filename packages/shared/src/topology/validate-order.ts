import { cidrFrom, containsCidr } from "../net/cidr";
import type { Direction, PortRange, Protocol } from "./topology";

/** What decides in an order, with an action: an entry of a network ACL, a rule of a firewall. */
interface Ordered {
  readonly direction: Direction;
  readonly protocol: Protocol;
  readonly ports: PortRange | null;
  /** A valid prefix. */
  readonly cidr: string;
}

export interface Shadowed<T> {
  /** Never decides … */
  readonly late: T;
  /** … because this one comes before it and matches everything that it matches. */
  readonly early: T;
}

/** Items that never decide, whatever they say. `items` stand in the order in which they decide. */
export function shadowedItems<T extends Ordered>(items: readonly T[]): Shadowed<T>[] {
  const prepared = items.map((item) => ({ item, cidr: cidrFrom(item.cidr) }));
  return prepared.flatMap((late, order): Shadowed<T>[] => {
    const early = prepared.slice(0, order).find((before) =>
      before.item.direction === late.item.direction && containsCidr(before.cidr, late.cidr) && covers(before.item, late.item));
    return early ? [{ late: late.item, early: early.item }] : [];
  });
}

const covers = (early: Ordered, late: Ordered): boolean =>
  (early.protocol === "all" || early.protocol === late.protocol) &&
  (early.ports === null || (late.ports !== null && early.ports.from <= late.ports.from && early.ports.to >= late.ports.to));
