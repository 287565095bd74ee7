import type { FieldPath } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { printable } from "../topology/printable";
import type { Direction, Firewall, FirewallRule } from "../topology/topology";
import { LIMITS } from "../topology/topology";
import type { FileIssue } from "../text/file-issue";
import { parseText } from "../text/parse-text";
import { type Fields, kindOf, PolicyReading } from "./policy-reading";
import { readPolicyRule } from "./policy-rule";
import { defaultActionOf, directionOf, unknownAction } from "./policy-words";

/** The subnet that the policy is for, and the default that was asked for (null: as the file says). */
export interface PolicySubject {
  readonly vpc: string;
  readonly subnet: string;
  readonly subnetCidr: string;
  /** Left away: not compared; then `subnet_type` must be the subnet's name. */
  readonly subnetType?: "public" | "private";
  readonly defaultAction: "allow" | "deny" | null;
}

export interface ReadPolicy {
  readonly firewall: Firewall;
  /** What a person should know beside the result, each a line. */
  readonly notes: string[];
}

const POLICY_KEYS = ["vpc", "subnet", "subnet_type", "ingress", "egress", "rules", "default", "default_action", "mode", "name", "description"];
const DEFAULT_KEYS = ["default", "default_action", "mode"];

/**
 * A policy file of the older tools: `{"vpc", "subnet_type", "ingress": […]}`, several of them under `policies` or as a list, or
 * `{"subnet": "10.0.1.0/24", "ingress": […]}`; instead of `ingress` and `egress` there may be `rules` that say their `direction`
 * each. One wrong rule refuses the whole file. The rules keep the file's order.
 */
export function readPolicyText(text: string, fileName: string, subject: PolicySubject): Result<ReadPolicy, FileIssue[]> {
  const parsed = parseText({ name: fileName, text }, { json: !/\.ya?ml$/i.test(fileName) });
  if (!parsed.ok) return parsed;
  const reading = new PolicyReading();
  const policies = policiesIn(reading, parsed.value.value).map(({ value, path }) => readPolicy(reading, value, path));
  const read = policies.filter((policy) => policy !== null);
  const chosen = reading.issues.length === 0 ? choose(reading, read, subject) : null;
  if (!chosen) return err(reading.issues.map((issue) => ({ ...issue, position: parsed.value.position(issue.path) })));
  return ok({ firewall: firewallOf(reading, chosen, subject), notes: [...reading.notes] });
}

interface Policy {
  readonly fields: Fields;
  readonly path: FieldPath;
  readonly rules: readonly FirewallRule[];
  readonly namesEgress: boolean;
  readonly defaultAction: "allow" | "deny" | null;
}

function policiesIn(reading: PolicyReading, value: unknown): { value: unknown; path: FieldPath }[] {
  if (Array.isArray(value) && value.length > 0) return value.map((policy: unknown, i) => ({ value: policy, path: [i] }));
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject || !Object.hasOwn(value, "policies")) return [{ value, path: [] }];
  const { policies } = reading.fields(value, [], "The file", ["policies"]) ?? {};
  if (Array.isArray(policies) && policies.length > 0) return policies.map((policy: unknown, i) => ({ value: policy, path: ["policies", i] }));
  reading.refuse("SCHEMA", ["policies"], Array.isArray(policies) ? "There is no policy in the list." : `“policies” is a list in brackets, not ${kindOf(policies)}.`);
  return [];
}

function readPolicy(reading: PolicyReading, value: unknown, path: FieldPath): Policy | null {
  const fields = reading.fields(value, path, "A policy", POLICY_KEYS);
  if (!fields) return null;
  for (const key of ["vpc", "subnet", "subnet_type", "name", "description"]) reading.text(fields, key, path);
  if (LISTS.every((key) => fields[key] === undefined)) reading.refuse("SCHEMA", path, "“ingress” is missing: the list of rules for what comes in.");
  const rules = LISTS.flatMap((key) => rulesOf(reading, fields[key], key, [...path, key]));
  const namesEgress = fields["egress"] !== undefined || rules.some(({ direction }) => direction === "egress");
  return { fields, path, rules, namesEgress, defaultAction: defaultOf(reading, fields, path) };
}

const LISTS = ["ingress", "egress", "rules"] as const;

function rulesOf(reading: PolicyReading, list: unknown, key: (typeof LISTS)[number], path: FieldPath): FirewallRule[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) {
    reading.refuse("SCHEMA", path, `“${key}” is a list of rules in brackets, not ${kindOf(list)}.`);
    return [];
  }
  const most = LIMITS.firewallRulesPerDirection;
  if (list.length > most) reading.refuse("LIMIT_RULES", [...path, most], `A subnet has at most ${most} rules for a direction; here are ${list.length}.`);
  return list.slice(0, most).flatMap((value: unknown, i) => {
    const at = [...path, i];
    if (key !== "rules") return readPolicyRule(reading, value, key, at) ?? [];
    const { direction, rule } = directionIn(reading, value, at);
    return direction === null ? [] : readPolicyRule(reading, rule, direction, at) ?? [];
  });
}

/** A rule of `rules` without what it says of its direction; it comes in where nothing is said. */
function directionIn(reading: PolicyReading, value: unknown, path: FieldPath): { direction: Direction | null; rule: unknown } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { direction: "ingress", rule: value };
  const { direction: word = "ingress", ...rule } = value as Fields;
  const direction = typeof word === "string" ? directionOf(word) : null;
  if (direction === null) reading.refuse("SCHEMA", [...path, "direction"], `“${printable(String(word))}” is no direction; use ingress or egress.`);
  return { direction, rule };
}

function defaultOf(reading: PolicyReading, fields: Fields, path: FieldPath): "allow" | "deny" | null {
  const key = DEFAULT_KEYS.find((candidate) => fields[candidate] !== undefined);
  const word = key === undefined ? null : reading.text(fields, key, path);
  if (key === undefined || word === null) return null;
  return defaultActionOf(word) ?? reading.refuse("SCHEMA", [...path, key], unknownAction(word));
}

/** The policy that is for the subnet: the one that the file holds, or the one of several that names it. */
function choose(reading: PolicyReading, policies: readonly Policy[], subject: PolicySubject): Policy | null {
  const [only, ...more] = policies;
  const place = `${subject.vpc}/${subject.subnet} (${subject.subnetCidr})`;
  if (!only) return null;
  if (more.length === 0) {
    const other = otherSubject(only.fields, subject);
    return other ? reading.refuse("REF_UNKNOWN", [...only.path, other], `This policy is for ${other} “${printable(String(only.fields[other]))}”, not for ${place}.`) : only;
  }
  const fitting = policies.filter(({ fields }) => otherSubject(fields, subject) === null);
  const [first, second] = fitting;
  if (!first) return reading.refuse("REF_UNKNOWN", ["policies"], `None of the ${policies.length} policies is for ${place}.`);
  if (second) return reading.refuse("RULE_DUPLICATE", second.path, `This is the second policy for ${place}; join the two.`);
  return first;
}

/** The key that names somebody else; null where all that is named fits. */
function otherSubject(fields: Fields, { vpc, subnet, subnetCidr, subnetType }: PolicySubject): string | null {
  if (typeof fields["vpc"] === "string" && fields["vpc"] !== vpc) return "vpc";
  if (typeof fields["subnet"] === "string" && ![subnetCidr, subnet, `${vpc}/${subnet}`, `${vpc}-${subnet}`].includes(fields["subnet"])) return "subnet";
  if (typeof fields["subnet_type"] === "string" && fields["subnet_type"] !== (subnetType ?? subnet)) return "subnet_type";
  return null;
}

function firewallOf(reading: PolicyReading, { rules, namesEgress, defaultAction }: Policy, subject: PolicySubject): Firewall {
  const action = subject.defaultAction ?? defaultAction ?? "deny";
  if (subject.defaultAction !== null && defaultAction !== null && subject.defaultAction !== defaultAction) {
    reading.notes.add(`The file's default is ${defaultAction}; ${subject.defaultAction} was asked for and is in force.`);
  }
  if (subject.defaultAction === null && defaultAction === null) {
    reading.notes.add(`No default is named: what no rule names is denied${namesEgress ? "" : " when it comes in, and allowed when it goes out"}; the file may name a “default”.`);
  }
  if (rules.length === 0) reading.notes.add(`There are no rules: everything that comes in is ${action === "deny" ? "denied" : "allowed"}.`);
  return { defaults: { ingress: action, egress: namesEgress ? action : "allow" }, rules: [...rules] };
}
