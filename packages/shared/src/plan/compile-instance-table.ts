import type { Direction, Instance } from "../topology/topology";
import type { CompiledGroup } from "./compile-security-groups";
import type { NftBaseChain, NftRule, NftSet, NftTable } from "./kernel-state";
import { PRIORITY } from "./nft-priority";
import { ACCEPT, cameInBy, COUNT, DROP, from, goesOutBy, isIpv6, isReply, rule, to } from "./nft-rule";

/**
 * Security groups where they cannot be gone round: in the instance's own namespace, whose programs have no CAP_NET_ADMIN.
 * Answers pass, then one chain per group, and what no rule of any group accepts is dropped. What an instance without
 * source/destination check forwards must pass both gates: they hang at two priorities, because an `accept` ends only its own chain.
 *
 * `hostAddress`: where the host comes from if it may reach the VPC, else null. Groups have no say in that: they decide among
 * drawn things, and the host is none, the VPC's switch decides about it. A firewall names addresses, so it filters the host, too.
 */
export function instanceTable(instance: Instance, gateway: string, groups: readonly CompiledGroup[], hostAddress: string | null): NftTable {
  const ingress = gate("ingress", groups);
  const egress = gate("egress", groups);
  const isMiddlebox = !instance.sourceDestCheck;
  const host = hostAddress === null ? [] : [rule("host", from(hostAddress), COUNT, ACCEPT)];
  return {
    name: "vpclab",
    counters: groups.flatMap((group) => group.counters),
    sets: setsOf(groups),
    chains: [
      ...groups.flatMap((group) => group.chains),
      { name: "incoming", ...filter("input"), rules: [LOOPBACK_IN, ...host, ...ingress] },
      {
        name: "outgoing", ...filter("output"),
        // The router's address is reserved: no group filters what an instance sends to it (AWS).
        rules: [LOOPBACK_OUT, rule("router", to(gateway), ACCEPT), ...egress],
      },
      // Closed also where nothing is forwarded, so that switching the check off opens nothing before its rules are there.
      { name: "forwarding", ...filter("forward"), rules: isMiddlebox ? ingress : [] },
      ...(isMiddlebox ? [{ name: "forwarding-out", ...filter("forward"), priority: PRIORITY.afterFilter, rules: egress }] : []),
    ],
  };
}

const filter = (hook: NftBaseChain["hook"]) => ({ type: "filter", hook, priority: PRIORITY.filter, policy: "drop" } as const);

const REPLIES = rule("replies", isReply, ACCEPT);
const NO_IPV6 = rule("ipv6", isIpv6, COUNT, DROP);
const LOOPBACK_IN = rule("loopback", cameInBy("lo"), ACCEPT);
const LOOPBACK_OUT = rule("loopback", goesOutBy("lo"), ACCEPT);

const gate = (direction: Direction, groups: readonly CompiledGroup[]): NftRule[] =>
  [REPLIES, NO_IPV6, ...groups.map((group) => group.jumps[direction])];

/** Two groups may refer to the same third one. */
const setsOf = (groups: readonly CompiledGroup[]): NftSet[] =>
  [...new Map(groups.flatMap((group) => group.sets).map((set) => [set.name, set])).values()];
