import type { RouteTable } from "../topology/topology";

const FIRST = 1000;
/** Table numbers are 32 bits wide; seven digits are easier to read and hold any lab. */
const NUMBERS = 1_000_000;

/**
 * Kernel table of each drawn route table of one VPC, by id: made from the id, so that it stays when others come and go; where
 * two fall together the later id takes the next free one.
 */
export function routeTableNumbers(tables: readonly RouteTable[]): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>();
  const taken = new Set<number>();
  for (const id of tables.map((table) => table.id).sort()) {
    let number = hash(id) % NUMBERS;
    while (taken.has(number)) number = (number + 1) % NUMBERS;
    taken.add(number);
    numbers.set(id, String(FIRST + number));
  }
  return numbers;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
