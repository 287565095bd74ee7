import { contentHash } from "../net/content-hash";
import type { NftTable, SeenNftTable } from "./kernel-state";

/** Whether the kernel holds exactly the wanted table: chains in any order, rules in order, sets in any order. */
export function sameTable(want: NftTable, have: SeenNftTable): boolean {
  return have.foreignObjects === 0 && hashOf(want) === hashOf(have);
}

function hashOf(table: Pick<NftTable, "chains"> | SeenNftTable): string {
  const chains = [...table.chains].sort((a, b) => (a.name < b.name ? -1 : 1));
  return contentHash(chains.map((chain) => sortSets(chain)));
}

/** Members of a set have no order; everything else of a rule has. */
function sortSets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortSets);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const sorted = sortSets(item);
    if (key !== "set" || !Array.isArray(sorted)) return [key, sorted];
    return [key, [...sorted].sort((a, b) => (contentHash(a) < contentHash(b) ? -1 : 1))];
  });
  return Object.fromEntries(entries);
}
