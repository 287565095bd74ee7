import { cidrFrom, firstAddress, lastAddress } from "../net/cidr";
import type { PortRange, Protocol } from "../topology/topology";
import type { NftExpression, NftLeft, NftVerdict } from "./kernel-state";
import { addressIn, countBy, inSet, ofProtocol, portRange, rule, toPort } from "./nft-rule";
import type { ClassifiedRule } from "./rule-tree";

/** A rule of a security group or an entry of an ACL, as both are made of. */
export interface DrawnMatch {
  readonly protocol: Protocol;
  readonly ports: PortRange | null;
  /** A prefix, or the name of a set of addresses. */
  readonly peer: { readonly cidr: string } | { readonly set: string };
}

/** Name of the counter of a rule; the rule's comment is its name without the prefix. */
export const counterOf = (name: string): string => `c-${name}`;

/** One rule with a counter of its own, which outlives a rewrite of the rule. */
export function classifiedRule(name: string, drawn: DrawnMatch, addressKey: NftLeft, verdict: NftVerdict): ClassifiedRule {
  const { protocol, ports, peer } = drawn;
  const expressions = [...addressMatch(peer, addressKey), ...protocolMatch(protocol, ports), countBy(counterOf(name)), verdict];
  return { protocol, ports, addresses: addressesOf(peer), rule: rule(name, ...expressions) };
}

function addressesOf(peer: DrawnMatch["peer"]): ClassifiedRule["addresses"] {
  if ("set" in peer) return { set: peer.set };
  const cidr = cidrFrom(peer.cidr);
  return { first: firstAddress(cidr), last: lastAddress(cidr) };
}

/** 0.0.0.0/0 needs no match: IPv6 was dropped before. */
function addressMatch(peer: DrawnMatch["peer"], key: NftLeft): NftExpression[] {
  if ("set" in peer) return [inSet(key, peer.set)];
  return cidrFrom(peer.cidr).length === 0 ? [] : [addressIn(key, peer.cidr)];
}

function protocolMatch(protocol: Protocol, ports: PortRange | null): NftExpression[] {
  if (protocol === "all") return [];
  const isEveryPort = ports === null || (ports.from === 0 && ports.to === 65_535);
  return isEveryPort || protocol === "icmp" ? [ofProtocol(protocol)] : [toPort(protocol, portRange(ports.from, ports.to))];
}
