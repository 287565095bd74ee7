import { z } from "zod";

/**
 * The desired state: what a person drew. One document holds one topology; positions on the canvas are in `layout.ts`,
 * because moving a box is never a network change. Cross-object rules (overlap, containment, limits) are in `validate.ts`.
 */

/** Names become namespace names, so their grammar is closed: no dot, no slash, no leading dash, lower case only. */
export const NAME_PATTERN = /^[a-z][a-z0-9-]*$/;
export const NAME_LENGTH_MAX = 30;

export const OBJECT_KINDS = [
  "vpc", "subnet", "instance", "internet-gateway", "nat-gateway", "elastic-ip", "route-table", "security-group", "network-acl", "peering",
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** AWS's own id prefixes, then hex; made by `ids.ts`, fixed for the life of the object. */
const idOf = (prefix: string) => z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `an id like ${prefix}-0a1b2c3d4e5f`);
// Shape only; the grammar of names and addresses is checked in validate.ts, which gives codes and better messages.
const text = z.string().max(128);
/** Free text for people: shown, never part of a kernel name or rule. Checked in validate-names.ts. */
const displayText = z.string().max(256);

/** Each VPC has these three from the start, and they cannot be deleted; the main table can be replaced by another (AWS). */
export const VpcSchema = z.strictObject({
  id: idOf("vpc"),
  name: text,
  /** Canonical IPv4 prefix, /16 to /28. */
  cidr: text,
  /** Routes every subnet that names no table of its own. */
  mainRouteTableId: text,
  /** Filters every subnet that names no ACL of its own. */
  defaultNetworkAclId: text,
  /** Group of an instance for which nothing else was chosen. */
  defaultSecurityGroupId: text,
  /** The host may open connections to the VPC's instances; never the other way round. */
  reachableFromHost: z.boolean(),
  /** A resolver at every gateway's address and at the VPC's base + 2 (AWS: enableDnsSupport). */
  dnsSupport: z.boolean(),
});

export const PROTOCOLS = ["tcp", "udp", "icmp", "all"] as const;
/** Inclusive; for tcp and udp only. null is every port. */
export const PortRangeSchema = z.strictObject({ from: z.int(), to: z.int() });
export const DIRECTIONS = ["ingress", "egress"] as const;

export const FIREWALL_ACTIONS = ["allow", "deny"] as const;
export const FirewallRuleSchema = z.strictObject({
  direction: z.enum(DIRECTIONS),
  action: z.enum(FIREWALL_ACTIONS),
  protocol: z.enum(PROTOCOLS),
  ports: PortRangeSchema.nullable(),
  /** Source of an ingress rule, destination of an egress rule. */
  cidr: text,
  description: displayText,
});
/**
 * A list of a subnet's own, as the tools before had it: stateful, the first rule that matches decides, in the order of the list;
 * what no rule names gets the direction's default. It stands beside security groups and ACLs: a packet must pass all of them.
 */
export const FirewallSchema = z.strictObject({
  defaults: z.strictObject({ ingress: z.enum(FIREWALL_ACTIONS), egress: z.enum(FIREWALL_ACTIONS) }),
  rules: z.array(FirewallRuleSchema),
});
/** Public or private is a consequence: public is a subnet whose route table has a route to an internet gateway (subnet-type.ts). */
export const SubnetSchema = z.strictObject({
  id: idOf("subnet"),
  vpcId: text,
  name: text,
  cidr: text,
  /** null: the VPC's main route table. */
  routeTableId: text.nullable(),
  /** null: the VPC's default network ACL. */
  networkAclId: text.nullable(),
  /** Instances here get a public address from the host's pool (AWS: MapPublicIpOnLaunch). */
  autoAssignPublicAddress: z.boolean(),
  /** null: none, which lets everything pass. */
  firewall: FirewallSchema.nullable(),
});
export const WebServerSchema = z.strictObject({ port: z.int() });
/** Where a host has no pool of public addresses: a port of the host that leads to a port of the instance. */
export const PublishedPortSchema = z.strictObject({ protocol: z.enum(["tcp", "udp"]), hostPort: z.int(), port: z.int() });
export const InstanceSchema = z.strictObject({
  id: idOf("i"),
  subnetId: text,
  /** `main` is the subnet's first instance: its namespace is `<vpc>-<subnet>`, the others' `<vpc>-<subnet>-<name>`. */
  name: text,
  address: text,
  webServer: WebServerSchema.nullable(),
  /** One to five groups of the same VPC; all their rules are joined. */
  securityGroupIds: z.array(text),
  /** Off makes the instance a middlebox: it forwards what a route table sends to it. */
  sourceDestCheck: z.boolean(),
  publishedPorts: z.array(PublishedPortSchema),
});
export const InternetGatewaySchema = z.strictObject({ id: idOf("igw"), vpcId: text, name: text });
/** A network interface in a public subnet that translates; its public address is that of the Elastic IP associated with it. */
export const NatGatewaySchema = z.strictObject({ id: idOf("nat"), subnetId: text, name: text, address: text });
/** A public address of the host's pool that stays with its owner. Which address it is, the host decides when it is applied. */
export const ElasticIpSchema = z.strictObject({
  id: idOf("eipalloc"),
  name: text,
  /** At most one Elastic IP per target. */
  target: z.strictObject({ kind: z.enum(["instance", "nat-gateway"]), id: text }).nullable(),
});
/** `gone` remembers the id of a target that was deleted: such a route is shown and realised as a blackhole. */
export const ROUTE_TARGET_KINDS = ["internet-gateway", "nat-gateway", "peering", "instance", "gone"] as const;
export const RouteSchema = z.strictObject({
  /** Canonical IPv4 prefix. The `local` route of the VPC's own CIDR is implied, in every table. */
  destination: text,
  target: z.strictObject({ kind: z.enum(ROUTE_TARGET_KINDS), id: text }),
});
export const RouteTableSchema = z.strictObject({ id: idOf("rtb"), vpcId: text, name: text, routes: z.array(RouteSchema) });

export const SecurityGroupRuleSchema = z.strictObject({
  id: idOf("sgr"),
  direction: z.enum(DIRECTIONS),
  protocol: z.enum(PROTOCOLS),
  ports: PortRangeSchema.nullable(),
  /** Source of an ingress rule, destination of an egress rule. `goneSecurityGroupId`: a stale reference, which matches nothing. */
  peer: z.union([
    z.strictObject({ cidr: text }),
    z.strictObject({ securityGroupId: text }),
    z.strictObject({ goneSecurityGroupId: text }),
  ]),
  description: displayText,
});
/** Stateful, allow only. */
export const SecurityGroupSchema = z.strictObject({
  id: idOf("sg"), vpcId: text, name: text, description: displayText, rules: z.array(SecurityGroupRuleSchema),
});
/** Stateless; the lowest number that matches decides, and what no entry names is denied. */
export const NetworkAclEntrySchema = z.strictObject({
  direction: z.enum(DIRECTIONS),
  /** 1 to 32766, unique per direction. */
  number: z.int(),
  action: z.enum(["allow", "deny"]),
  protocol: z.enum(PROTOCOLS),
  ports: PortRangeSchema.nullable(),
  /** Source of an ingress entry, destination of an egress entry. */
  cidr: text,
});
export const NetworkAclSchema = z.strictObject({ id: idOf("acl"), vpcId: text, name: text, entries: z.array(NetworkAclEntrySchema) });

export const PEERING_STATUSES = ["pending-acceptance", "active", "rejected", "deleted"] as const;
export const PeeringSchema = z.strictObject({
  id: idOf("pcx"),
  name: text,
  requesterVpcId: text,
  accepterVpcId: text,
  /** Only an active peering carries packets; a route to any other is a blackhole. */
  status: z.enum(PEERING_STATUSES),
  /**
   * Where one end lies in another topology of the same host: which end, and what it was when the peering was requested. The
   * other topology's document holds the same peering, seen from there. null: both VPCs are in this document.
   */
  remote: z.strictObject({
    side: z.enum(["requester", "accepter"]), topologyId: z.uuid(), topologyName: text, vpcName: text, cidr: text,
  }).nullable(),
});

/** UTF-16 units, as the schema counts. */
export const NOTE_LENGTH_MAX = 600;
export const SettingsSchema = z.strictObject({
  /** First usable address of a subnet: `lab` is .2 (as in the tools before), `aws` is .4. */
  addressing: z.enum(["lab", "aws"]),
  /** What the agent does about drift: repairs it by itself, or shows it and waits for Apply. */
  driftRepair: z.enum(["automatic", "manual"]),
  /** What the topology is for, in words for people: one paragraph. Absent: none; a document never holds an empty one. */
  note: z.string().min(1).max(NOTE_LENGTH_MAX).optional(),
});

export const TopologySchema = z.strictObject({
  schemaVersion: z.literal(3),
  settings: SettingsSchema,
  vpcs: z.array(VpcSchema),
  subnets: z.array(SubnetSchema),
  instances: z.array(InstanceSchema),
  internetGateways: z.array(InternetGatewaySchema),
  natGateways: z.array(NatGatewaySchema),
  elasticIps: z.array(ElasticIpSchema),
  routeTables: z.array(RouteTableSchema),
  securityGroups: z.array(SecurityGroupSchema),
  networkAcls: z.array(NetworkAclSchema),
  peerings: z.array(PeeringSchema),
});

export type Vpc = z.infer<typeof VpcSchema>;
export type Subnet = z.infer<typeof SubnetSchema>;
export type Instance = z.infer<typeof InstanceSchema>;
export type InternetGateway = z.infer<typeof InternetGatewaySchema>;
export type NatGateway = z.infer<typeof NatGatewaySchema>;
export type ElasticIp = z.infer<typeof ElasticIpSchema>;
export type RouteTable = z.infer<typeof RouteTableSchema>;
/** A route as drawn; `Route` of plan/ is the kernel's. */
export type DrawnRoute = z.infer<typeof RouteSchema>;
export type RouteTarget = DrawnRoute["target"];
export type PortRange = z.infer<typeof PortRangeSchema>;
export type Protocol = (typeof PROTOCOLS)[number];
export type Direction = (typeof DIRECTIONS)[number];
export type SecurityGroup = z.infer<typeof SecurityGroupSchema>;
export type SecurityGroupRule = z.infer<typeof SecurityGroupRuleSchema>;
export type NetworkAcl = z.infer<typeof NetworkAclSchema>;
export type NetworkAclEntry = z.infer<typeof NetworkAclEntrySchema>;
export type FirewallRule = z.infer<typeof FirewallRuleSchema>;
export type Firewall = z.infer<typeof FirewallSchema>;
export type PublishedPort = z.infer<typeof PublishedPortSchema>;
export type Peering = z.infer<typeof PeeringSchema>;
export type Settings = z.infer<typeof SettingsSchema>;
export type Topology = z.infer<typeof TopologySchema>;

/** The document's collections by kind of object; the one place that ties the two together. */
export const COLLECTION = {
  vpc: "vpcs",
  subnet: "subnets",
  instance: "instances",
  "internet-gateway": "internetGateways",
  "nat-gateway": "natGateways",
  "elastic-ip": "elasticIps",
  "route-table": "routeTables",
  "security-group": "securityGroups",
  "network-acl": "networkAcls",
  peering: "peerings",
} as const satisfies Record<ObjectKind, keyof Topology>;
export type CollectionName = (typeof COLLECTION)[ObjectKind];

export interface ObjectByKind {
  vpc: Vpc;
  subnet: Subnet;
  instance: Instance;
  "internet-gateway": InternetGateway;
  "nat-gateway": NatGateway;
  "elastic-ip": ElasticIp;
  "route-table": RouteTable;
  "security-group": SecurityGroup;
  "network-acl": NetworkAcl;
  peering: Peering;
}
export type TopologyObject = ObjectByKind[ObjectKind];

/** Quotas. AWS's defaults where a lab does not need more; VPCs, instances and rules are what one host was measured with. */
export const LIMITS = {
  vpcs: 64, subnetsPerVpc: 200, instances: 1000, peeringsPerVpc: 125, natGatewaysPerVpc: 5, elasticIps: 64,
  routeTablesPerVpc: 200, routesPerTable: 500, securityGroupsPerVpc: 500, rulesPerGroupAndDirection: 60, groupsPerInstance: 5,
  networkAclsPerVpc: 200, entriesPerAclAndDirection: 40, firewallRulesPerDirection: 100, publishedPortsPerInstance: 20,
  /** Rules of all groups and firewalls and entries of all ACLs together. */
  rules: 2000,
} as const;

export const EMPTY_TOPOLOGY: Topology = {
  schemaVersion: 3,
  settings: { addressing: "lab", driftRepair: "automatic" },
  vpcs: [],
  subnets: [],
  instances: [],
  internetGateways: [],
  natGateways: [],
  elasticIps: [],
  routeTables: [],
  securityGroups: [],
  networkAcls: [],
  peerings: [],
};
