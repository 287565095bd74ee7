import type { DrawnRoute, NetworkAclEntry, PublishedPort, SecurityGroupRule } from "./topology";

/** What names an item of a list, by the list's field. Rules of a firewall are named by nothing but their place, so that list is one value. */
const KEY_OF: Partial<Record<string, (item: unknown) => string>> = {
  routes: (item) => (item as DrawnRoute).destination,
  rules: (item) => (item as SecurityGroupRule).id,
  entries: (item) => `${(item as NetworkAclEntry).direction} ${(item as NetworkAclEntry).number}`,
  publishedPorts: (item) => `${(item as PublishedPort).protocol} ${(item as PublishedPort).hostPort}`,
  securityGroupIds: String,
};

/** Whose word holds where both sides have a say in the same thing. */
export type Preference = "mine" | "theirs";

interface ListSides {
  readonly origin: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
  readonly prefer: Preference;
}

/** Two sides' changes of one list, item by item; null where the field is no list of named items. */
export function mergeList(field: string, { origin, mine, theirs, prefer }: ListSides): { readonly merged: readonly unknown[]; readonly collided: boolean } | null {
  const keyOf = KEY_OF[field];
  if (!keyOf || !Array.isArray(origin) || !Array.isArray(mine) || !Array.isArray(theirs)) return null;
  if (same(mine, origin)) return { merged: theirs, collided: false };
  const byKey = (items: readonly unknown[]) => new Map(items.map((item) => [keyOf(item), item]));
  const [old, my, their] = [byKey(origin), byKey(mine), byKey(theirs)];
  let collided = false;
  const chosen = (key: string): unknown => {
    if (same(my.get(key), old.get(key)) || same(my.get(key), their.get(key))) return their.get(key);
    if (same(their.get(key), old.get(key))) return my.get(key);
    collided = true;
    return prefer === "mine" ? my.get(key) : their.get(key);
  };
  const merged = [...new Set([...their.keys(), ...my.keys()])].map(chosen).filter((item) => item !== undefined);
  return { merged, collided };
}

/** Both come from one schema, so their keys stand in one order. */
export const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
