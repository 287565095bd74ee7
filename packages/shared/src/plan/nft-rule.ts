import { cidrFrom, formatAddress } from "../net/cidr";
import type { NftExpression, NftLeft, NftRule, NftValue } from "./kernel-state";

/** Small constructors for the closed grammar of kernel-state.ts, so that a rule set reads like one. */
type Match = Extract<NftExpression, { match: unknown }>;

const match = (left: NftLeft, op: Match["match"]["op"], right: NftValue): NftExpression => ({ match: { left, op, right } });

/** One value or an anonymous set; nft lists a set of one as the plain value, so that is what we write. */
function oneOf(values: readonly NftValue[]): NftValue {
  const [first, ...more] = values;
  if (first === undefined) throw new Error("a match on no values would match nothing: leave the rule out");
  return more.length === 0 ? first : { set: values };
}

export const cameInBy = (...links: readonly string[]): NftExpression => match({ meta: { key: "iifname" } }, "==", oneOf(links));
export const goesOutBy = (...links: readonly string[]): NftExpression => match({ meta: { key: "oifname" } }, "==", oneOf(links));
export const goesNotOutBy = (link: string): NftExpression => match({ meta: { key: "oifname" } }, "!=", link);
export const isIpv6: NftExpression = match({ meta: { key: "nfproto" } }, "==", "ipv6");

const address = (field: "saddr" | "daddr"): NftLeft => ({ payload: { protocol: "ip", field } });
export const from = (...cidrs: readonly string[]): NftExpression => match(address("saddr"), "==", oneOf(cidrs.map(prefix)));
export const notFrom = (cidr: string): NftExpression => match(address("saddr"), "!=", prefix(cidr));
export const to = (...cidrs: readonly string[]): NftExpression => match(address("daddr"), "==", oneOf(cidrs.map(prefix)));
export const notTo = (cidr: string): NftExpression => match(address("daddr"), "!=", prefix(cidr));

export const isEchoRequest: NftExpression = match({ payload: { protocol: "icmp", field: "type" } }, "==", "echo-request");
export const isReply: NftExpression = match({ ct: { key: "state" } }, "in", { set: ["established", "related"] });

export const COUNT: NftExpression = { counter: null };
export const ACCEPT: NftExpression = { accept: null };
export const DROP: NftExpression = { drop: null };
export const MASQUERADE: NftExpression = { masquerade: null };

export const rule = (comment: string, ...expressions: readonly NftExpression[]): NftRule => ({ comment, expressions });

/** A prefix as nft lists it: /32 is a bare address. */
function prefix(cidr: string): NftValue {
  if (!cidr.includes("/")) return cidr;
  const { base, length } = cidrFrom(cidr);
  return length === 32 ? formatAddress(base) : { prefix: { addr: formatAddress(base), len: length } };
}
