import type { FieldPath } from "../errors/issue";
import { printable } from "../topology/printable";
import type { Protocol } from "../topology/topology";
import { type Fields, kindOf, type PolicyReading } from "./policy-reading";

/** Names and numbers (IANA, ICMP type numbers) by what a list that lets answers through by itself makes of them. */
const EVERY = new Set(["any", "all", "*", "echo-request", "echo", "ping", "8"]);
const ANSWERS = new Set([
  "echo-reply", "pong", "0", "destination-unreachable", "3", "source-quench", "4", "time-exceeded", "11", "parameter-problem", "12",
]);

/**
 * `icmp_type` of a rule. Pings are what ICMP opens connections with, so they are the protocol as a whole; answers and errors belong to a
 * connection and pass with it, so that a rule that allows them is left out. `wrong`: said, and the file is refused.
 */
export function readIcmpType(reading: PolicyReading, fields: Fields, rule: { protocol: Protocol | null; action: "allow" | "deny" | null }, path: FieldPath): "rule" | "left out" | "wrong" {
  const value = fields["icmp_type"];
  if (value === undefined || value === null) return "rule";
  const refuse = (message: string): "wrong" => {
    reading.refuse("SCHEMA", [...path, "icmp_type"], message);
    return "wrong";
  };
  if (typeof value !== "string" && typeof value !== "number") return refuse(`“icmp_type” is a name or a number, not ${kindOf(value)}.`);
  if (rule.protocol !== "icmp") return rule.protocol === null ? "wrong" : refuse(`“icmp_type” is for icmp; leave it away for ${rule.protocol}.`);
  const type = String(value).toLowerCase();
  if (EVERY.has(type)) {
    reading.notes.add(`icmp_type “${printable(type)}” is read as all of ICMP: what opens a connection, a ping above all.`);
    return "rule";
  }
  if (!ANSWERS.has(type)) return refuse(`“${printable(type)}” is no ICMP type here; use echo-request, or leave it away for all of ICMP.`);
  if (rule.action === "deny") return refuse(`ICMP answers and errors (“${printable(type)}”) always pass with their connection; deny echo-request instead.`);
  reading.notes.add(`icmp_type “${printable(type)}” needs no rule: answers and errors pass with their connection.`);
  return "left out";
}
