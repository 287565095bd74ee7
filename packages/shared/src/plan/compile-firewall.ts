import { GATE_WORD } from "../topology/firewall-rule-key";
import type { Direction, Firewall } from "../topology/topology";
import { DIRECTIONS } from "../topology/topology";
import type { NftRegularChain, NftRule } from "./kernel-state";
import { ACCEPT, countBy, DESTINATION, DROP, jump, rule, SOURCE } from "./nft-rule";
import { classifiedRule, counterOf } from "./rule-match";
import { firewallDefaultName, firewallRuleName } from "./rule-names";
import { ruleChains } from "./rule-tree";

/** A subnet's firewall as it stands in the table of each of its instances. */
export interface CompiledFirewall {
  /** One for each rule, which follows the rule wherever it is moved to, and one for each default (`c-fw-in-default`). */
  readonly counters: readonly string[];
  /** `fw-in` and `fw-out` last in their direction. Each packet that gets there is accepted or dropped there. */
  readonly chains: readonly NftRegularChain[];
  /** What leads to them. */
  readonly jumps: Readonly<Record<Direction, NftRule>>;
}

/**
 * The first rule that matches decides, in the order of the list; what none matches gets the direction's default. `accept` ends
 * only the base chain that led here, so that the instance's security groups have their say, too.
 */
export function compileFirewall(firewall: Firewall): CompiledFirewall {
  const gates = DIRECTIONS.map((direction) => compileGate(firewall, direction));
  return {
    counters: gates.flatMap((gate) => gate.counters),
    chains: gates.flatMap((gate) => gate.chains),
    jumps: { ingress: rule("firewall", jump(chainOf("ingress"))), egress: rule("firewall", jump(chainOf("egress"))) },
  };
}

const chainOf = (direction: Direction): string => `fw-${GATE_WORD[direction]}`;

function compileGate({ rules, defaults }: Firewall, direction: Direction): Pick<CompiledFirewall, "counters" | "chains"> {
  const addressKey = direction === "ingress" ? SOURCE : DESTINATION;
  const own = rules.filter((drawn) => drawn.direction === direction).map((drawn) => ({ drawn, name: firewallRuleName(drawn) }));
  const list = own.map(({ drawn: { protocol, ports, cidr, action }, name }) =>
    classifiedRule(name, { protocol, ports, peer: { cidr } }, addressKey, verdictOf(action)));
  const rest = firewallDefaultName(direction);
  const end = [rule(rest, countBy(counterOf(rest)), verdictOf(defaults[direction]))];
  return {
    counters: [...own.map(({ name }) => counterOf(name)), counterOf(rest)],
    chains: ruleChains({ name: chainOf(direction), addressKey, rules: list, end }),
  };
}

const verdictOf = (action: "allow" | "deny") => (action === "allow" ? ACCEPT : DROP);

/** Compiles each firewall once, however many instances its subnet has. */
export function firewallCompiler(): (firewall: Firewall) => CompiledFirewall {
  const compiled = new Map<Firewall, CompiledFirewall>();
  return (firewall) => {
    const made = compiled.get(firewall) ?? compileFirewall(firewall);
    compiled.set(firewall, made);
    return made;
  };
}
