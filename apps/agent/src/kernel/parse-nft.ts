import type { NftExpression, NftRule, NftValue, SeenNftChain, SeenNftTable } from "@vpclab/shared/plan/kernel-state";
import { z } from "zod";

const scalar = z.union([z.string(), z.number()]);
const prefix = z.strictObject({ prefix: z.strictObject({ addr: z.string(), len: z.int() }) });
const element = z.union([scalar, prefix]);
const value = z.union([element, z.strictObject({ set: z.array(element) }), z.array(z.string())]);
const left = z.union([
  z.strictObject({ meta: z.strictObject({ key: z.enum(["iifname", "oifname", "nfproto", "l4proto"]) }) }),
  z.strictObject({ ct: z.strictObject({ key: z.literal("state") }) }),
  z.strictObject({
    payload: z.strictObject({
      protocol: z.enum(["ip", "icmp", "tcp", "udp"]), field: z.enum(["saddr", "daddr", "type", "dport"]),
    }),
  }),
]);
const expression = z.union([
  z.strictObject({ match: z.strictObject({ left, op: z.enum(["==", "!=", "in"]), right: value }) }),
  z.strictObject({ counter: z.strictObject({ packets: z.number(), bytes: z.number() }) }),
  z.strictObject({ accept: z.null() }),
  z.strictObject({ drop: z.null() }),
  z.strictObject({ masquerade: z.null() }),
]);

const chainSchema = z.object({
  name: z.string(),
  type: z.enum(["filter", "nat"]),
  hook: z.enum(["prerouting", "input", "forward", "postrouting"]),
  prio: z.int(),
  policy: z.enum(["accept", "drop"]),
});
const ruleSchema = z.strictObject({
  family: z.string(), table: z.string(), chain: z.string(), handle: z.int(), index: z.int().optional(),
  comment: z.string().optional(), expr: z.array(expression),
});
const listing = z.object({ nftables: z.array(z.record(z.string(), z.unknown())) });
const ofChain = z.object({ chain: z.string() });

/**
 * `nft -j list table inet vpclab` to the table as our grammar says it: the inverse of `render-nft.ts`. Counters and handles
 * are the kernel's; what the grammar does not know is kept as foreign, so that a rule added by hand is seen.
 */
export function parseNft(json: unknown): SeenNftTable {
  const chains = new Map<string, SeenNftChain & { rules: (NftRule | { foreign: string })[] }>();
  let foreignObjects = 0;
  for (const item of listing.parse(json).nftables) {
    if ("metainfo" in item || "table" in item) continue;
    const chain = "chain" in item ? chainSchema.safeParse(item.chain) : null;
    const home = "rule" in item ? chains.get(ofChain.parse(item.rule).chain) : undefined;
    if (chain?.success) {
      const { prio, ...rest } = chain.data;
      chains.set(rest.name, { ...rest, priority: prio, rules: [] });
    } else if (home) {
      home.rules.push(parseRule(item["rule"]));
    } else {
      foreignObjects += 1;
    }
  }
  return { chains: [...chains.values()], foreignObjects };
}

function parseRule(json: unknown): NftRule | { foreign: string } {
  const parsed = ruleSchema.safeParse(json);
  // Every rule of ours has a comment.
  if (!parsed.success || parsed.data.comment === undefined) return { foreign: JSON.stringify(json) };
  return { comment: parsed.data.comment, expressions: parsed.data.expr.map(withoutCount) };
}

function withoutCount(parsed: z.infer<typeof expression>): NftExpression {
  if ("counter" in parsed) return { counter: null };
  if (!("match" in parsed)) return parsed;
  const { left: on, op, right } = parsed.match;
  return { match: { left: on, op, right: normalValue(right) } };
}

/** nft 1.0.6 prints flag lists (`ct state established,related`) as a bare array; sets have no order of their own. */
function normalValue(parsed: z.infer<typeof value>): NftValue {
  if (Array.isArray(parsed)) return { set: parsed };
  return parsed;
}
