import type { FieldPath } from "../errors/issue";
import { parseAddress } from "../net/cidr";
import { printable } from "../topology/printable";
import { EVERYWHERE } from "../topology/subnet-routing";
import type { Direction, FirewallRule, PortRange, Protocol } from "../topology/topology";
import { validatePrefix } from "../topology/validate-cidr";
import { isPort } from "../topology/validate-rules";
import { readIcmpType } from "./policy-icmp";
import { type Fields, kindOf, type PolicyReading } from "./policy-reading";
import { actionOf, isLog, isReject, protocolOf, unknownAction, unknownProtocol } from "./policy-words";

const KEYS = ["port", "ports", "protocol", "action", "source", "destination", "cidr", "description", "comment", "icmp_type", "log"];
const EVERY_PORT: readonly unknown[] = ["all", "any", "*"];

/**
 * One rule of a policy, e.g. `{"port": 80, "protocol": "tcp", "action": "allow", "source": "10.0.0.0/16"}`; null where it is wrong, or
 * decides nothing here.
 */
export function readPolicyRule(reading: PolicyReading, value: unknown, direction: Direction, path: FieldPath): FirewallRule | null {
  const fields = reading.fields(value, path, "A rule", KEYS);
  if (!fields) return null;
  if (isLog(fields["action"]) || isSet(fields["log"])) reading.notes.add(COUNTED);
  if (isLog(fields["action"])) return null;
  const protocol = wordOf(reading, fields, "protocol", path, protocolOf, unknownProtocol);
  const action = wordOf(reading, fields, "action", path, actionOf, unknownAction);
  const ports = portsOf(reading, fields, protocol, path);
  const cidr = endOf(reading, fields, direction, path);
  const description = reading.text(fields, "description", path) ?? reading.text(fields, "comment", path) ?? "";
  if (typeof fields["action"] === "string" && isReject(fields["action"])) reading.notes.add("reject is read as deny: the packet is dropped without an answer.");
  const icmp = readIcmpType(reading, fields, { protocol, action }, path);
  if (protocol === null || action === null || ports === undefined || cidr === null || icmp !== "rule") return null;
  return { direction, action, protocol, ports, cidr, description };
}

const COUNTED = "Nothing is logged: every rule has a counter instead (nft list counters, inside the instance).";
const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== false;

function wordOf<T>(
  reading: PolicyReading, fields: Fields, key: string, path: FieldPath, parse: (word: string) => T | null, unknown: (word: string) => string,
): T | null {
  const word = reading.text(fields, key, path, true);
  if (word === null) return null;
  return parse(word) ?? reading.refuse("SCHEMA", [...path, key], unknown(word));
}

/** null is every port; undefined where it is wrong. `80`, `"80"`, `"8000-8010"`, `"8000:8010"`, `"all"`. */
function portsOf(reading: PolicyReading, fields: Fields, protocol: Protocol | null, path: FieldPath): PortRange | null | undefined {
  const key = Object.hasOwn(fields, "ports") ? "ports" : "port";
  if (Object.hasOwn(fields, "port") && key === "ports") return wrong(reading, "SCHEMA", [...path, "ports"], "Give “port” or “ports”, not both.");
  const value = fields[key];
  const hasPorts = protocol === "tcp" || protocol === "udp" || protocol === null;
  if (value === undefined || value === null) {
    if (!hasPorts || protocol === null) return null;
    return wrong(reading, "SCHEMA", path, "“port” is missing; for every port write \"port\": \"all\".");
  }
  if (EVERY_PORT.includes(value)) return null;
  if (!hasPorts) return wrong(reading, "PORT_PROTOCOL", [...path, key], `Ports are for tcp and udp; leave “${key}” away for ${protocol}.`);
  if (typeof value !== "number" && typeof value !== "string") return wrong(reading, "SCHEMA", [...path, key], `“${key}” is a number or a range like "8000-8010", not ${kindOf(value)}.`);
  const [, first, last = first] = /^([1-9][0-9]{0,8}|0)(?:[-:]([1-9][0-9]{0,8}|0))?$/.exec(String(value)) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === undefined || !isPort(from) || !isPort(to)) {
    return wrong(reading, "PORT", [...path, key], `“${printable(String(value))}” is no port; use a number from 1 to 65535, or a range like "8000-8010".`);
  }
  if (from > to) return wrong(reading, "PORT_RANGE", [...path, key], `${from}-${to} runs backwards; write ${to}-${from}.`);
  return { from, to };
}

function wrong(reading: PolicyReading, ...issue: Parameters<PolicyReading["refuse"]>): undefined {
  reading.refuse(...issue);
}

/** Who the rule is about: `source` of what comes in, `destination` of what goes out; everybody where none is named. */
function endOf(reading: PolicyReading, fields: Fields, direction: Direction, path: FieldPath): string | null {
  const [mine, other] = direction === "ingress" ? ["source", "destination"] : ["destination", "source"];
  if (fields[other] !== undefined && fields[other] !== null) {
    return reading.refuse("SCHEMA", [...path, other], `A rule for what ${direction === "ingress" ? "comes in" : "goes out"} has a ${mine}, no ${other}: the subnet itself is the other end.`);
  }
  const before = reading.issues.length;
  const text = reading.text(fields, mine, path) ?? reading.text(fields, "cidr", path);
  if (reading.issues.length > before) return null;
  if (text === null || text === "any" || text === "all" || text === "*") return EVERYWHERE;
  if (parseAddress(text) !== null) return `${text}/32`;
  const key = fields[mine] === undefined ? "cidr" : mine;
  const [issue] = validatePrefix(text, []);
  return issue ? reading.refuse(issue.code, [...path, key], `${printable(text)}: ${issue.message}`) : text;
}
