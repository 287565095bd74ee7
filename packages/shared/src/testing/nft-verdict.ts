import { cidrOf, containsAddress, parseAddress } from "../net/cidr";
import type { NftLeft, NftRegularChain, NftRule, NftValue, NftVerdict } from "../plan/kernel-state";

/** A packet as rules of groups and ACLs see it. Ports are 0 where the protocol has none. */
export interface TestPacket {
  readonly protocol: "tcp" | "udp" | "icmp" | "gre";
  /** Unsigned 32-bit. */
  readonly source: number;
  readonly destination: number;
  readonly port: number;
}

export interface TestRuleSet {
  readonly chains: ReadonlyMap<string, NftRegularChain>;
  /** Members of named sets. */
  readonly sets: Readonly<Record<string, readonly string[]>>;
}

/** What a chain decides, as the kernel would: `null` when it comes to its end. `return` counts, so that ACLs can be judged. */
export function verdictOf(ruleSet: TestRuleSet, chain: string, packet: TestPacket): "accept" | "drop" | "return" | null {
  for (const rule of ruleSet.chains.get(chain)?.rules ?? []) {
    const verdict = verdictOfRule(ruleSet, rule, packet);
    if (verdict === null) continue;
    if ("goto" in verdict) return verdictOf(ruleSet, verdict.goto.target, packet);
    if (!("jump" in verdict)) return "accept" in verdict ? "accept" : "drop" in verdict ? "drop" : "return";
    const inner = verdictOf(ruleSet, verdict.jump.target, packet);
    if (inner === "accept" || inner === "drop") return inner;
  }
  return null;
}

function verdictOfRule(ruleSet: TestRuleSet, rule: NftRule, packet: TestPacket): NftVerdict | null {
  for (const expression of rule.expressions) {
    if ("match" in expression) {
      const { left, op, right } = expression.match;
      const field = fieldOf(left, packet);
      if (field === null || matches(ruleSet, right, field) !== (op !== "!=")) return null;
    } else if ("vmap" in expression) {
      const field = fieldOf(expression.vmap.key, packet);
      const branch = field === null ? undefined : expression.vmap.data.set.find(([value]) => matches(ruleSet, value, field));
      if (!branch) return null;
      return branch[1];
    } else if (!("counter" in expression)) return expression as NftVerdict;
  }
  return null;
}

/** null: the packet has no such field, so that the rule does not match. */
function fieldOf(left: NftLeft, packet: TestPacket): string | number | null {
  if ("meta" in left && left.meta.key === "l4proto") return packet.protocol;
  if (!("payload" in left)) throw new Error("a rule of a group or an ACL looks at something else");
  const { protocol, field } = left.payload;
  if (protocol === "ip") return field === "saddr" ? packet.source : packet.destination;
  return protocol === packet.protocol ? packet.port : null;
}

function matches(ruleSet: TestRuleSet, value: NftValue, field: string | number): boolean {
  if (typeof value === "number") return value === field;
  if (typeof value === "string") {
    if (value.startsWith("@")) return (ruleSet.sets[value.slice(1)] ?? []).some((member) => parseAddress(member) === field);
    return value === field || parseAddress(value) === field;
  }
  if ("set" in value) return value.set.some((member) => matches(ruleSet, member, field));
  if (typeof field === "string") return false;
  if ("prefix" in value) return containsAddress(cidrOf(parseAddress(value.prefix.addr) ?? 0, value.prefix.len), field);
  const [first, last] = value.range.map((end) => (typeof end === "string" ? (parseAddress(end) ?? -1) : Number(end)));
  return field >= (first ?? 0) && field <= (last ?? 0);
}
