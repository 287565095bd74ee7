import type { Instance } from "../topology/topology";
import type { CompiledFirewall } from "./compile-firewall";
import type { CompiledGroup } from "./compile-security-groups";
import type { NftBaseChain, NftChain, NftRule, NftSet, NftTable } from "./kernel-state";
import { PRIORITY } from "./nft-priority";
import { ACCEPT, cameInBy, COUNT, DROP, from, goesOutBy, isIpv6, isReply, rule, to } from "./nft-rule";

/** What filters an instance: its security groups, and the firewall of its subnet, where that has one. */
export interface InstanceFilters {
  readonly groups: readonly CompiledGroup[];
  readonly firewall: CompiledFirewall | null;
}

/**
 * Security groups where they cannot be gone round: in the instance's own namespace, whose programs have no CAP_NET_ADMIN.
 * Answers pass, then one chain per group, and what no rule of any group accepts is dropped. What an instance without
 * source/destination check forwards must pass both gates: they hang at two priorities, because an `accept` ends only its own chain.
 * The subnet's firewall stands outside of all that, by the same means: before the groups inwards, after them outwards.
 *
 * `hostAddress`: where the host comes from if it may reach the VPC, else null. Groups have no say in that: they decide among
 * drawn things, and the host is none, the VPC's switch decides about it. A firewall names addresses, so it filters the host, too.
 */
export function instanceTable(instance: Instance, routerAddresses: readonly string[], { groups, firewall }: InstanceFilters, hostAddress: string | null): NftTable {
  const ingress = gate(groups.map((group) => group.jumps.ingress));
  const egress = gate(groups.map((group) => group.jumps.egress));
  const isMiddlebox = !instance.sourceDestCheck;
  const host = hostAddress === null ? [] : [rule("host", from(hostAddress), COUNT, ACCEPT)];
  // The addresses of router and resolver are reserved: nothing filters what an instance sends to them (AWS).
  const router = rule("router", to(...routerAddresses), ACCEPT);
  return {
    name: "vpclab",
    counters: [...groups.flatMap((group) => group.counters), ...(firewall?.counters ?? [])],
    sets: setsOf(groups),
    chains: [
      ...groups.flatMap((group) => group.chains),
      ...(firewall?.chains ?? []),
      { name: "incoming", ...filter("input"), rules: [LOOPBACK_IN, ...host, ...ingress] },
      { name: "outgoing", ...filter("output"), rules: [LOOPBACK_OUT, router, ...egress] },
      // Closed also where nothing is forwarded, so that switching the check off opens nothing before its rules are there.
      { name: "forwarding", ...filter("forward"), rules: isMiddlebox ? ingress : [] },
      ...(isMiddlebox ? [{ name: "forwarding-out", ...filter("forward"), priority: PRIORITY.afterFilter, rules: egress }] : []),
      ...(firewall ? firewallGates(firewall, router, isMiddlebox) : []),
    ],
  };
}

/** A packet passes these base chains and those of the groups, each by its own verdict. */
function firewallGates({ jumps }: CompiledFirewall, router: NftRule, isMiddlebox: boolean): NftChain[] {
  const [ingress, egress] = [gate([jumps.ingress]), gate([jumps.egress])];
  return [
    { name: "incoming-firewall", ...filter("input"), priority: PRIORITY.beforeFilter, rules: [LOOPBACK_IN, ...ingress] },
    { name: "outgoing-firewall", ...filter("output"), priority: PRIORITY.afterFilter, rules: [LOOPBACK_OUT, router, ...egress] },
    ...(isMiddlebox ? [
      { name: "forwarding-firewall", ...filter("forward"), priority: PRIORITY.beforeFilter, rules: ingress },
      { name: "forwarding-firewall-out", ...filter("forward"), priority: PRIORITY.last, rules: egress },
    ] : []),
  ];
}

const filter = (hook: NftBaseChain["hook"]) => ({ type: "filter", hook, priority: PRIORITY.filter, policy: "drop" } as const);

const REPLIES = rule("replies", isReply, ACCEPT);
const NO_IPV6 = rule("ipv6", isIpv6, COUNT, DROP);
const LOOPBACK_IN = rule("loopback", cameInBy("lo"), ACCEPT);
const LOOPBACK_OUT = rule("loopback", goesOutBy("lo"), ACCEPT);

const gate = (jumps: readonly NftRule[]): NftRule[] => [REPLIES, NO_IPV6, ...jumps];

/** Two groups may refer to the same third one. */
const setsOf = (groups: readonly CompiledGroup[]): NftSet[] =>
  [...new Map(groups.flatMap((group) => group.sets).map((set) => [set.name, set])).values()];
