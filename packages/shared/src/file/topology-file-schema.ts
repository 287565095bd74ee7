import { z } from "zod";
import type { Issue } from "../errors/issue";
import { parseAddress } from "../net/cidr";
import { FIREWALL_ACTIONS, NAME_LENGTH_MAX, NAME_PATTERN, PEERING_STATUSES, SettingsSchema } from "../topology/topology";
import { validateCidr, validatePrefix } from "../topology/validate-cidr";
import { validateName, validateTopologyName } from "../topology/validate-names";
import { isPort, PORT_MAX } from "../topology/validate-rules";
import { parseEnds, parsePublishedPort, parseTarget } from "./reference-text";
import { partsOf, type RuleParts, type RuleProblem } from "./rule-parts";

/**
 * A topology as a person writes it: by names, with defaults for what need not be said. This schema checks each value by itself;
 * what values mean together is in read-topology-file.ts. Descriptions go into the JSON Schema for editors.
 */

type Checks = Pick<Issue, "code" | "message">;
/** A problem with a code of ours, for `z.check`. Read again by file-schema-issues.ts. */
const complaint = (input: unknown, { code, message }: Checks, path: PropertyKey[] = []) =>
  ({ code: "custom" as const, input, message, path, params: { code } });

const checkedText = (check: (text: string) => readonly Checks[]) =>
  z.string().check((context) => {
    for (const found of check(context.value)) context.issues.push(complaint(context.value, found));
  });
const parsedText = (parse: (text: string) => { readonly ok: boolean; readonly error?: RuleProblem }) =>
  checkedText((text) => {
    const parsed = parse(text);
    return parsed.error ? [parsed.error] : [];
  });

const name = checkedText((text) => validateName(text, [])).meta({ pattern: NAME_PATTERN.source, maxLength: NAME_LENGTH_MAX });
/** By name; YAML's own check has already refused a name that stands there twice. */
const named = <T extends z.ZodType>(value: T) => z.record(name, value);
const cidr = checkedText((text) => validateCidr(text, []))
  .meta({ description: "IPv4 prefix from /16 to /28, e.g. 10.0.1.0/24", examples: ["10.0.1.0/24"] });
const address = checkedText((text) =>
  parseAddress(text) === null ? [{ code: "ADDR_SYNTAX", message: "Write an IPv4 address in plain decimal, like 10.0.1.5." }] : [])
  .meta({ description: "IPv4 address in the subnet; left away: the lowest that is free", examples: ["10.0.1.5"] });
const port = z.int().check((context) => {
  if (!isPort(context.value)) context.issues.push(complaint(context.value, { code: "PORT", message: `${context.value} is no port; use 1 to ${PORT_MAX}.` }));
});

/** An object that knows its keys: the message of an unknown one lists them, for the nearest to be found (file-schema-issues.ts). */
const keyed = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject(shape, { error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(" ") : undefined) });

type RuleContext = "ingress" | "egress" | "firewall" | "acl-ingress" | "acl-egress";
const RULE_EXAMPLE: Record<RuleContext, string> = {
  ingress: "tcp 8080 from 0.0.0.0/0", egress: "all to 0.0.0.0/0", firewall: "deny tcp 22 from 0.0.0.0/0",
  "acl-ingress": "100 allow tcp 80 from 0.0.0.0/0", "acl-egress": "100 allow all to 0.0.0.0/0",
};

/** What the words of a rule may be where it stands. */
function misplaced(rule: RuleParts, context: RuleContext): RuleProblem | null {
  const example = `e.g. “${RULE_EXAMPLE[context]}”`;
  const filter = context === "ingress" || context === "egress" ? "group" : context === "firewall" ? "firewall" : "acl";
  const wanted = context.endsWith("ingress") ? "from" : context.endsWith("egress") ? "to" : rule.way;
  if (rule.way !== wanted) return { code: "SCHEMA", message: `Here stands what ${wanted === "from" ? "comes in: write “from”" : "goes out: write “to”"}, ${example}.` };
  if (filter !== "acl" && rule.number !== null) return { code: "SCHEMA", field: "number", message: `Only entries of network ACLs have numbers; leave it away, ${example}.` };
  if (filter === "group" && rule.action === "deny") {
    return { code: "SCHEMA", field: "action", message: "A security group only allows; what nothing allows is denied. Use a firewall or a network ACL to deny." };
  }
  if (filter !== "group" && rule.action === null) return { code: "SCHEMA", message: `Say allow or deny, ${example}.` };
  if (filter !== "group" && !("cidr" in rule.peer)) return { code: "SCHEMA", field: rule.way, message: `Groups are for rules of security groups; name a prefix, ${example}.` };
  if (filter === "acl" && rule.description !== "") return { code: "SCHEMA", message: "Entries of network ACLs have no description; write a comment beside it." };
  return null;
}

const ruleObject = keyed({
  number: z.int().optional(), action: z.enum(FIREWALL_ACTIONS).optional(), protocol: z.string(), ports: z.union([z.int(), z.string()]).nullish(),
  from: z.string().optional(), to: z.string().optional(), description: z.string().max(256).optional(),
});
const rules = (context: RuleContext, description: string) =>
  z.array(z.union([z.string(), ruleObject]).check((checked) => {
    const parts = partsOf(checked.value);
    const wrong = parts.ok ? misplaced(parts.value, context) : parts.error;
    if (!wrong) return;
    const path = typeof checked.value === "object" && wrong.field !== undefined && wrong.field in checked.value ? [wrong.field] : [];
    checked.issues.push(complaint(checked.value, wrong, path));
  }).meta({ examples: [RULE_EXAMPLE[context]] })).meta({ description });

const elasticIp = z.union([z.boolean(), name]).meta({ description: "A public address that stays: true, or the Elastic IP's name" });
const InstanceSchema = keyed({
  address: address.optional(),
  webServer: port.nullish().meta({ description: "Port of a small web server that runs in the instance" }),
  groups: z.array(name).optional().meta({ description: "Security groups; left away: the VPC's default one" }),
  sourceDestCheck: z.boolean().optional().meta({ description: "false makes it a middlebox: it forwards what a route sends to it" }),
  publishedPorts: z.array(parsedText(parsePublishedPort).meta({ examples: ["8080:80"] })).optional()
    .meta({ description: "Ports of the host that lead to the instance, where the host has no pool of public addresses" }),
  elasticIp: elasticIp.optional(),
});
const NatGatewaySchema = keyed({ address: address.optional(), elasticIp: elasticIp.optional() });

const action = z.enum(FIREWALL_ACTIONS).optional();
const FirewallFileSchema = keyed({
  defaults: keyed({ ingress: action, egress: action }).optional()
    .meta({ description: "For what no rule names; left away: deny what comes in, allow what goes out" }),
  rules: rules("firewall", "Stateful; the first rule that matches decides").optional(),
});

const SubnetFileSchema = keyed({
  cidr,
  type: z.enum(["public", "private"]).optional()
    .meta({ description: "public: by the route table “public”, which leads to the internet gateway, and with public addresses; private: by the main one" }),
  routeTable: name.optional().meta({ description: "Instead of type: the name of the route table" }),
  networkAcl: name.optional().meta({ description: "Left away: the VPC's default one" }),
  autoAssignPublicAddress: z.boolean().optional().meta({ description: "Left away: as the type says" }),
  firewall: FirewallFileSchema.nullish(),
  instances: named(InstanceSchema.nullable()).optional().meta({ description: "Left away: one, “main”, at the first address" }),
  natGateways: named(NatGatewaySchema.nullable()).optional(),
});

const SecurityGroupFileSchema = keyed({
  description: z.string().max(256).optional(),
  ingress: rules("ingress", "What may come in; left away: nothing (the default group: its members)").optional(),
  egress: rules("egress", "What may go out; left away: everything").optional(),
});
const NetworkAclFileSchema = keyed({
  ingress: rules("acl-ingress", "The lowest number that matches decides; what none names is denied").optional(),
  egress: rules("acl-egress", "The lowest number that matches decides; what none names is denied").optional(),
});
const destination = checkedText((text) => validatePrefix(text, []));
const RouteTableFileSchema = z.record(destination, parsedText(parseTarget).meta({ examples: ["internet-gateway", "nat-gateway nat", "peering a-b", "instance web/main"] }))
  .meta({ description: "Destination: target. The VPC's own range needs no route, and peerings bring theirs" });

const VpcFileSchema = keyed({
  cidr,
  reachableFromHost: z.boolean().optional().meta({ description: "The host may open connections to the instances; default false" }),
  dns: z.boolean().optional().meta({ description: "A resolver at every gateway's address; default true" }),
  internetGateway: z.union([z.boolean(), name]).optional().meta({ description: "true, or its name; left away: true where a subnet is public" }),
  subnets: named(SubnetFileSchema).optional(),
  routeTables: named(RouteTableFileSchema.nullable()).optional(),
  securityGroups: named(SecurityGroupFileSchema.nullable()).optional(),
  networkAcls: named(NetworkAclFileSchema.nullable()).optional(),
  mainRouteTable: name.optional().meta({ description: "Name of the table for subnets that name none; default “main”" }),
  defaultSecurityGroup: name.optional().meta({ description: "Name of the group for instances that name none; default “default”" }),
  defaultNetworkAcl: name.optional().meta({ description: "Name of the ACL for subnets that name none; default “default”" }),
});

const ends = parsedText(parseEnds).meta({ examples: ["vpc1 <-> vpc2"] });
const PeeringFileSchema = z.union([ends, keyed({
  between: ends,
  name: name.optional().meta({ description: "Left away: the two names with a dash" }),
  status: z.enum(PEERING_STATUSES).optional(),
  routes: z.enum(["all", "none"]).optional()
    .meta({ description: "all (default): every table of both VPCs has a route to the other; none: only the routes that are written" }),
  remote: keyed({ topologyId: z.uuid(), vpcId: z.string().max(32), cidr, peeringId: z.string().max(32).optional() }).optional()
    .meta({ description: "Of a peering with another topology: what is known of the other end" }),
})]);

export const TopologyFileSchema = keyed({
  name: checkedText((text) => validateTopologyName(text, [])).meta({ pattern: NAME_PATTERN.source, maxLength: NAME_LENGTH_MAX }).optional(),
  settings: keyed(SettingsSchema.partial().shape).optional(),
  vpcs: named(VpcFileSchema).optional(),
  peerings: z.array(PeeringFileSchema).optional(),
  elasticIps: z.array(name).optional().meta({ description: "Elastic IPs that are kept without an owner" }),
});

export type TopologyFile = z.infer<typeof TopologyFileSchema>;
export type VpcFile = z.infer<typeof VpcFileSchema>;
export type SubnetFile = z.infer<typeof SubnetFileSchema>;
export type InstanceFile = z.infer<typeof InstanceSchema>;
export type NatGatewayFile = z.infer<typeof NatGatewaySchema>;
export type SecurityGroupFile = z.infer<typeof SecurityGroupFileSchema>;
export type NetworkAclFile = z.infer<typeof NetworkAclFileSchema>;
export type RouteTableFile = z.infer<typeof RouteTableFileSchema>;
export type FirewallFile = z.infer<typeof FirewallFileSchema>;
export type PeeringFile = z.infer<typeof PeeringFileSchema>;

/** The JSON Schema of the format, for editors; published as docs/topology.schema.json. */
export const topologyJsonSchema = (): unknown => ({
  title: "vpclab topology file", ...z.toJSONSchema(TopologyFileSchema, { io: "input", unrepresentable: "any" }),
});
