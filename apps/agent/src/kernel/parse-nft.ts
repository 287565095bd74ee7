import type { NftBaseChain, NftRule, NftSet, SeenNftChain, SeenNftTable } from "@vpclab/shared/plan/kernel-state";
import { parseRule, parseValue } from "./parse-nft-rule";

type Fields = Readonly<Record<string, unknown>>;
type OpenChain = SeenNftChain & { rules: (NftRule | { foreign: string })[] };

const HOOKS: readonly string[] = ["prerouting", "input", "forward", "output", "postrouting"] satisfies NftBaseChain["hook"][];

/**
 * `nft -j list table inet vpclab` to the table as our grammar says it: the inverse of `render-nft.ts`. Handles and what
 * was counted are the kernel's; what the grammar does not know is kept as foreign, so that a rule added by hand is seen.
 */
export function parseNft(json: unknown): SeenNftTable {
  const counters: string[] = [];
  const sets: NftSet[] = [];
  const chains = new Map<string, OpenChain>();
  let foreignObjects = 0;
  for (const item of itemsOf(json)) {
    if ("metainfo" in item || "table" in item) continue;
    if ("rule" in item) {
      const rule = item["rule"] as Fields;
      const home = chains.get(String(rule["chain"]));
      if (home) home.rules.push(parseRule(rule));
      else foreignObjects += 1;
    } else if (!addObject(item, { counters, sets, chains })) foreignObjects += 1;
  }
  return { counters, sets, chains: [...chains.values()], foreignObjects };
}

function itemsOf(json: unknown): readonly Fields[] {
  const items = (json as { nftables?: unknown } | null)?.nftables;
  if (!Array.isArray(items)) throw new Error("nft did not answer with a list");
  return items as Fields[];
}

/** False when the object is none that a table of ours has. */
function addObject(item: Fields, to: { counters: string[]; sets: NftSet[]; chains: Map<string, OpenChain> }): boolean {
  if ("counter" in item) {
    to.counters.push(String((item["counter"] as Fields)["name"]));
    return true;
  }
  const set = "set" in item ? parseSet(item["set"] as Fields) : null;
  if (set) to.sets.push(set);
  const chain = "chain" in item ? parseChain(item["chain"] as Fields) : null;
  if (chain) to.chains.set(chain.name, chain);
  return set !== null || chain !== null;
}

const SET_FIELDS = ["family", "name", "table", "type", "handle", "flags", "elem"];

function parseSet(fields: Fields): NftSet | null {
  const { name, type, flags, elem = [] } = fields;
  const interval = Array.isArray(flags) && flags.length === 1 && flags[0] === "interval";
  if (Object.keys(fields).some((key) => !SET_FIELDS.includes(key)) || type !== "ipv4_addr" || (flags !== undefined && !interval)) return null;
  const elements = parseValue(elem);
  if (typeof name !== "string" || elements === null || typeof elements !== "object" || !("set" in elements)) return null;
  return { name, type, interval, elements: elements.set };
}

function parseChain({ name, type, hook, prio, policy }: Fields): OpenChain | null {
  if (typeof name !== "string") return null;
  if (type === undefined && hook === undefined) return { name, type: null, rules: [] };
  if ((type !== "filter" && type !== "nat") || typeof hook !== "string" || !HOOKS.includes(hook)) return null;
  if (typeof prio !== "number" || (policy !== "accept" && policy !== "drop")) return null;
  return { name, type, hook: hook as NftBaseChain["hook"], priority: prio, policy, rules: [] };
}
