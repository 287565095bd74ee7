import type { Direction, NetworkAcl } from "../topology/topology";
import type { NftRegularChain } from "./kernel-state";
import { countBy, DESTINATION, DROP, RETURN, rule, SOURCE } from "./nft-rule";
import { classifiedRule, counterOf } from "./rule-match";
import { aclEntryName } from "./rule-names";
import { ruleChains } from "./rule-tree";

/** Gate of a subnet: `in` is passed by what enters it, `out` by what leaves it. */
const GATE: Record<Direction, "in" | "out"> = { ingress: "in", egress: "out" };

/** Chain of an ACL's entries for one direction, e.g. `acl-in-0a1b2c3d4e5f`. `return` means allowed, `drop` means denied. */
export const aclChain = (acl: NetworkAcl, direction: Direction): string => `acl-${GATE[direction]}-${acl.id.replace(/^acl-/, "")}`;

export interface CompiledAcl {
  readonly counters: readonly string[];
  readonly chains: readonly NftRegularChain[];
}

/** A network ACL: stateless, the entry with the lowest number that matches decides, and what none matches is dropped. */
export function compileNetworkAcl(acl: NetworkAcl): CompiledAcl {
  const gates = (["egress", "ingress"] as const).map((direction) => compileGate(acl, direction));
  return { counters: gates.flatMap((gate) => gate.counters), chains: gates.flatMap((gate) => gate.chains) };
}

function compileGate(acl: NetworkAcl, direction: Direction): CompiledAcl {
  const addressKey = direction === "ingress" ? SOURCE : DESTINATION;
  const nameOf = (number: number | "rest") => aclEntryName(acl.id, direction, number);
  const entries = acl.entries.filter((entry) => entry.direction === direction).sort((a, b) => a.number - b.number);
  const rules = entries.map(({ number, action, protocol, ports, cidr }) =>
    classifiedRule(nameOf(number), { protocol, ports, peer: { cidr } }, addressKey, action === "allow" ? RETURN : DROP));
  const rest = nameOf("rest");
  const end = [rule(rest, countBy(counterOf(rest)), DROP)];
  return {
    counters: [...entries.map(({ number }) => counterOf(nameOf(number))), counterOf(rest)],
    chains: ruleChains({ name: aclChain(acl, direction), addressKey, rules, end }),
  };
}
