import type { FieldPath } from "../errors/issue";
import { cidrFrom, containsAddress, formatAddress, parseAddress } from "../net/cidr";
import { resolverAddress, usableRange } from "../net/subnet-addresses";
import type { Reading } from "./reading";

/** Who wants an address in a subnet: the one that is written, else the one it had, else the lowest that is free. */
export interface AddressWish {
  readonly id: string;
  readonly path: FieldPath;
  readonly written: string | null;
  readonly before: string | null;
}

/** Addresses by the id of their owner. Both prefixes are valid by themselves; what is written is judged with the whole topology. */
export function chooseAddresses(reading: Reading, subnet: { readonly cidr: string; readonly vpcCidr: string }, wishes: readonly AddressWish[]): Map<string, string> {
  const cidr = cidrFrom(subnet.cidr);
  const usable = usableRange(cidr, reading.doc.settings.addressing);
  const chosen = new Map(wishes.flatMap(({ id, written }) => (written === null ? [] : [[id, written] as const])));
  const taken = new Set([...chosen.values(), formatAddress(resolverAddress(cidrFrom(subnet.vpcCidr)))]);
  const choose = (id: string, address: string) => {
    chosen.set(id, address);
    taken.add(address);
  };
  const isFree = (text: string): boolean => {
    const address = parseAddress(text);
    return address !== null && containsAddress(cidr, address) && address >= usable.first && address <= usable.last && !taken.has(text);
  };
  for (const { id, before } of wishes) if (!chosen.has(id) && before !== null && isFree(before)) choose(id, before);
  let next = usable.first;
  for (const { id, path } of wishes) {
    if (chosen.has(id)) continue;
    while (next <= usable.last && taken.has(formatAddress(next))) next++;
    if (next <= usable.last) choose(id, formatAddress(next));
    else reading.refuse("SUBNET_FULL", path, `The subnet ${subnet.cidr} has no free address left for it.`);
  }
  return chosen;
}
