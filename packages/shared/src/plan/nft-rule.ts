import { cidrFrom, cidrOf, formatAddress, lastAddress } from "../net/cidr";
import type { NftExpression, NftLeft, NftRule, NftValue, NftVerdict } from "./kernel-state";

/** Small constructors for the closed grammar of kernel-state.ts, so that a rule set reads like one. */
type Match = Extract<NftExpression, { match: unknown }>;

const match = (left: NftLeft, op: Match["match"]["op"], right: NftValue): NftExpression => ({ match: { left, op, right } });

/** One value or an anonymous set; nft lists a set of one as the plain value, so that is what we write. */
function oneOf(values: readonly NftValue[]): NftValue {
  const [first, ...more] = values;
  if (first === undefined) throw new Error("a match on no values would match nothing: leave the rule out");
  return more.length === 0 ? first : { set: values };
}

const CAME_IN_BY: NftLeft = { meta: { key: "iifname" } };
const GOES_OUT_BY: NftLeft = { meta: { key: "oifname" } };
export const cameInBy = (...links: readonly string[]): NftExpression => match(CAME_IN_BY, "==", oneOf(links));
export const cameNotInBy = (link: string): NftExpression => match(CAME_IN_BY, "!=", link);
export const goesOutBy = (...links: readonly string[]): NftExpression => match(GOES_OUT_BY, "==", oneOf(links));
export const goesNotOutBy = (link: string): NftExpression => match(GOES_OUT_BY, "!=", link);
export const isIpv6: NftExpression = match({ meta: { key: "nfproto" } }, "==", "ipv6");

const address = (field: "saddr" | "daddr"): NftLeft => ({ payload: { protocol: "ip", field } });
export const SOURCE = address("saddr");
export const DESTINATION = address("daddr");
export const from = (...cidrs: readonly string[]): NftExpression => match(SOURCE, "==", oneOf(cidrs.map(prefix)));
export const notFrom = (...cidrs: readonly string[]): NftExpression => match(SOURCE, "!=", oneOf(cidrs.map(prefix)));
export const to = (...cidrs: readonly string[]): NftExpression => match(DESTINATION, "==", oneOf(cidrs.map(prefix)));
export const notTo = (...cidrs: readonly string[]): NftExpression => match(DESTINATION, "!=", oneOf(cidrs.map(prefix)));
/** Destination outside every one of these values, which are as nft lists them. */
export const notToAny = (values: readonly NftValue[]): NftExpression => match(DESTINATION, "!=", oneOf(values));
/** An address of a named set. */
export const inSet = (left: NftLeft, set: string): NftExpression => match(left, "==", `@${set}`);
export const addressIn = (left: NftLeft, cidr: string): NftExpression => match(left, "==", prefix(cidr));
export const notFromMac = (...macs: readonly string[]): NftExpression =>
  match({ payload: { protocol: "ether", field: "saddr" } }, "!=", oneOf(macs));

export const PROTOCOL: NftLeft = { meta: { key: "l4proto" } };
export const ofProtocol = (...protocols: readonly string[]): NftExpression => match(PROTOCOL, "==", oneOf(protocols));
export const toPort = (protocol: "tcp" | "udp", port: NftValue): NftExpression =>
  match({ payload: { protocol, field: "dport" } }, "==", port);
export const fromPort = (protocol: "tcp" | "udp", port: NftValue): NftExpression =>
  match({ payload: { protocol, field: "sport" } }, "==", port);
export const isEchoRequest: NftExpression = match({ payload: { protocol: "icmp", field: "type" } }, "==", "echo-request");

export const isReply: NftExpression = match({ ct: { key: "state" } }, "in", { set: ["established", "related"] });
export const isNew: NftExpression = match({ ct: { key: "state" } }, "in", "new");
/** Its destination was translated by a rule of ours: it is for somebody behind us. */
export const isTranslatedInwards: NftExpression = match({ ct: { key: "status" } }, "in", "dnat");
/** Addressed to the host itself, whichever of its addresses. */
export const isForThisHost: NftExpression = match({ fib: { result: "type", flags: "daddr" } }, "==", "local");

export const COUNT: NftExpression = { counter: null };
export const countBy = (counter: string): NftExpression => ({ counter });
export const ACCEPT: NftVerdict = { accept: null };
export const DROP: NftVerdict = { drop: null };
export const RETURN: NftVerdict = { return: null };
export const jump = (target: string): NftVerdict => ({ jump: { target } });
export const goto = (target: string): NftVerdict => ({ goto: { target } });
export const UNTRACKED: NftExpression = { notrack: null };
export const MASQUERADE: NftExpression = { masquerade: null };
export const setMark = (value: number): NftExpression => ({ mangle: { key: { meta: { key: "mark" } }, value } });
export const toAddress = (addr: string, port?: number): NftExpression =>
  ({ dnat: port === undefined ? { family: "ip", addr } : { family: "ip", addr, port } });
export const fromAddress = (addr: string, ports?: readonly [number, number]): NftExpression =>
  ({ snat: ports === undefined ? { family: "ip", addr } : { family: "ip", addr, port: { range: ports } } });

type Branches = readonly (readonly [NftValue, NftVerdict])[];
export const byValue = (key: NftLeft, branches: Branches): NftExpression => ({ vmap: { key, data: { set: branches } } });
/** One rule with a verdict per link; no rule without links. Sorted, as nft lists it. */
const byLink = (key: NftLeft) => (comment: string, branches: readonly (readonly [string, NftVerdict])[]): NftRule[] =>
  branches.length === 0 ? [] : [rule(comment, byValue(key, [...branches].sort(([a], [b]) => (a < b ? -1 : 1))))];
export const byInLink = byLink(CAME_IN_BY);
export const byOutLink = byLink(GOES_OUT_BY);

export const rule = (comment: string, ...expressions: readonly NftExpression[]): NftRule => ({ comment, expressions });

/** A prefix as nft lists it: /32 is a bare address. */
export function prefix(cidr: string): NftValue {
  if (!cidr.includes("/")) return cidr;
  const { base, length } = cidrFrom(cidr);
  return length === 32 ? formatAddress(base) : { prefix: { addr: formatAddress(base), len: length } };
}

/** Addresses from `first` to `last` (unsigned 32-bit, inclusive) as nft lists them: an address, a prefix, else a range. */
export function addressRange(first: number, last: number): NftValue {
  const size = last - first + 1;
  const length = 32 - Math.log2(size);
  const isPrefix = Number.isInteger(length) && lastAddress(cidrOf(first, length)) === last;
  if (!isPrefix) return { range: [formatAddress(first), formatAddress(last)] };
  return length === 32 ? formatAddress(first) : { prefix: { addr: formatAddress(first), len: length } };
}

/** Ports from `first` to `last`, inclusive, as nft lists them. */
export const portRange = (first: number, last: number): NftValue => (first === last ? first : { range: [first, last] });
