import type { ErrorCode } from "../errors/error-code";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { parseAddress } from "../net/cidr";
import { printable } from "../topology/printable";
import { EVERYWHERE } from "../topology/subnet-routing";
import type { PortRange, Protocol } from "../topology/topology";
import { PROTOCOLS } from "../topology/topology";
import { validatePrefix } from "../topology/validate-cidr";
import { isPort, PORT_MAX } from "../topology/validate-rules";
import { didYouMean } from "./nearest-word";

/** Something wrong with one text or field of a rule. `field` is the key of the rule's object form. */
export interface RuleProblem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly field?: "number" | "action" | "protocol" | "ports" | "from" | "to";
}

/** The other end of a rule, by names. `vpc` null: the rule's own. */
export type RulePeer = { readonly cidr: string } | { readonly group: string; readonly vpc: string | null } | { readonly goneGroup: string };

/** A rule or entry as a person writes it: `100 allow tcp 80-90 from 10.0.0.0/8`; what the text leaves away is null. */
export interface RuleParts {
  readonly number: number | null;
  readonly action: "allow" | "deny" | null;
  readonly protocol: Protocol;
  readonly ports: PortRange | null;
  readonly way: "from" | "to";
  readonly peer: RulePeer;
  readonly description: string;
}

/** A rule written as an object. */
export interface RuleObject {
  readonly number?: number | undefined;
  readonly action?: "allow" | "deny" | undefined;
  readonly protocol: string;
  readonly ports?: number | string | null | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly description?: string | undefined;
}

const GRAMMAR = "write it like “tcp 8080 from 0.0.0.0/0”";
const problem = (code: ErrorCode, message: string, field?: RuleProblem["field"]): Result<never, RuleProblem> =>
  err(field === undefined ? { code, message } : { code, message, field });

export const partsOf = (rule: string | RuleObject): Result<RuleParts, RuleProblem> => (typeof rule === "string" ? partsOfText(rule) : partsOfObject(rule));

function partsOfText(text: string): Result<RuleParts, RuleProblem> {
  const words = text.trim().split(/\s+/);
  const next = (pattern: RegExp): string | null => (pattern.test(words[0] ?? "") ? (words.shift() ?? null) : null);
  const number = next(/^[0-9]{1,9}$/);
  const action = next(/^(allow|deny)$/) as "allow" | "deny" | null;
  const protocolWord = words.shift() ?? "";
  const protocol = protocolOf(protocolWord);
  if (!protocol.ok) return protocol;
  if (protocol.value === "all") next(/^traffic$/);
  const portsWord = words[0] === "from" || words[0] === "to" ? null : (words.shift() ?? null);
  const ports = portsWord === null ? ok(null) : portsOf(portsWord, protocol.value);
  if (!ports.ok) return ports;
  const way = next(/^(from|to)$/) as "from" | "to" | null;
  if (way === null) return problem("SCHEMA", `“${printable(text)}” does not say from or to whom; ${GRAMMAR}.`);
  const peer = peerOf(words.join(" "));
  if (!peer.ok) return peer;
  return ok({ number: number === null ? null : Number(number), action, protocol: protocol.value, ports: ports.value, way, peer: peer.value, description: "" });
}

function partsOfObject(rule: RuleObject): Result<RuleParts, RuleProblem> {
  const protocol = protocolOf(rule.protocol);
  if (!protocol.ok) return err({ ...protocol.error, field: "protocol" });
  const ports = rule.ports === undefined || rule.ports === null ? ok(null) : portsOf(String(rule.ports), protocol.value);
  if (!ports.ok) return err({ ...ports.error, field: "ports" });
  const { from, to } = rule;
  if ((from === undefined) === (to === undefined)) return problem("SCHEMA", "A rule has either “from” (what comes in) or “to” (what goes out).");
  const way = from === undefined ? "to" : "from";
  const peer = peerOf(from ?? to ?? "");
  if (!peer.ok) return err({ ...peer.error, field: way });
  const { number = null, action = null, description = "" } = rule;
  return ok({ number, action, protocol: protocol.value, ports: ports.value, way, peer: peer.value, description });
}

function protocolOf(word: string): Result<Protocol, RuleProblem> {
  const found = PROTOCOLS.find((protocol) => protocol === word);
  if (found) return ok(found);
  return problem("SCHEMA", `“${printable(word)}” is no protocol; use tcp, udp, icmp or all.${didYouMean(word, PROTOCOLS)}`);
}

/** `80` or `80-90`, also with an en dash as the page prints it. */
function portsOf(text: string, protocol: Protocol): Result<PortRange, RuleProblem> {
  const [, first, last = first] = /^([0-9]{1,9})(?:[-–]([0-9]{1,9}))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  const wrong = [first, last].find((end) => end === undefined || !isPort(Number(end)) || /^0/.test(end));
  if (first === undefined || wrong !== undefined) return problem("PORT", `“${printable(wrong ?? text)}” is no port; use 1 to ${PORT_MAX}, or a range like 8000-8010.`);
  if (protocol !== "tcp" && protocol !== "udp") return problem("PORT_PROTOCOL", `Ports are for tcp and udp; leave them away for ${protocol}.`);
  return from <= to ? ok({ from, to }) : problem("PORT_RANGE", `${from}-${to} runs backwards; write ${to}-${from}.`);
}

function peerOf(text: string): Result<RulePeer, RuleProblem> {
  if (text === "anywhere") return ok({ cidr: EVERYWHERE });
  const [, vpc, group] = /^group (?:([^/\s]+)\/)?([^/\s]+)$/.exec(text) ?? [];
  if (group !== undefined) return ok({ group, vpc: vpc ?? null });
  const [, goneGroup] = /^deleted-group (\S+)$/.exec(text) ?? [];
  if (goneGroup !== undefined) return ok({ goneGroup });
  if (parseAddress(text) !== null) return problem("CIDR_SYNTAX", `One address is written ${text}/32.`);
  const [issue] = validatePrefix(text, []);
  if (!issue) return ok({ cidr: text });
  if (issue.code === "CIDR_NOT_CANONICAL") return problem(issue.code, issue.message);
  return problem("CIDR_SYNTAX", `“${printable(text)}” is no end of a rule; write an IPv4 prefix like 10.0.0.0/16, “anywhere” or “group web”.`);
}
