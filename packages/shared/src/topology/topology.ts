import { z } from "zod";

/**
 * The desired state: what a person drew. One document holds one topology; positions on the canvas are in `layout.ts`,
 * because moving a box is never a network change. Cross-object rules (overlap, containment, limits) are in `validate.ts`.
 */

/** Names become namespace names, so their grammar is closed: no dot, no slash, no leading dash, lower case only. */
export const NAME_PATTERN = /^[a-z][a-z0-9-]*$/;
export const NAME_LENGTH_MAX = 30;

export const OBJECT_KINDS = ["vpc", "subnet", "instance", "internet-gateway", "peering"] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** AWS's own id prefixes, then hex; made by `ids.ts`, fixed for the life of the object. */
const idOf = (prefix: string) => z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `an id like ${prefix}-0a1b2c3d4e5f`);

// Shape only; the grammar of names and addresses is checked in validate.ts, which gives codes and better messages.
const text = z.string().max(128);

export const VpcSchema = z.strictObject({
  id: idOf("vpc"),
  name: text,
  /** Canonical IPv4 prefix, /16 to /28. */
  cidr: text,
});

export const SubnetSchema = z.strictObject({
  id: idOf("subnet"),
  vpcId: text,
  name: text,
  cidr: text,
  /** `public` is shorthand for a route table with 0.0.0.0/0 to the VPC's internet gateway. */
  type: z.enum(["public", "private"]),
});

export const WebServerSchema = z.strictObject({ port: z.int() });

export const InstanceSchema = z.strictObject({
  id: idOf("i"),
  subnetId: text,
  /** `main` is the subnet's first instance: its namespace is `<vpc>-<subnet>`, the others' `<vpc>-<subnet>-<name>`. */
  name: text,
  address: text,
  webServer: WebServerSchema.nullable(),
});

export const InternetGatewaySchema = z.strictObject({ id: idOf("igw"), vpcId: text, name: text });

export const PeeringSchema = z.strictObject({
  id: idOf("pcx"),
  name: text,
  requesterVpcId: text,
  accepterVpcId: text,
});

export const SettingsSchema = z.strictObject({
  /** First usable address of a subnet: `lab` is .2 (as in the tools before), `aws` is .4. */
  addressing: z.enum(["lab", "aws"]),
});

export const TopologySchema = z.strictObject({
  schemaVersion: z.literal(1),
  settings: SettingsSchema,
  vpcs: z.array(VpcSchema),
  subnets: z.array(SubnetSchema),
  instances: z.array(InstanceSchema),
  internetGateways: z.array(InternetGatewaySchema),
  peerings: z.array(PeeringSchema),
});

export type Vpc = z.infer<typeof VpcSchema>;
export type Subnet = z.infer<typeof SubnetSchema>;
export type Instance = z.infer<typeof InstanceSchema>;
export type InternetGateway = z.infer<typeof InternetGatewaySchema>;
export type Peering = z.infer<typeof PeeringSchema>;
export type Settings = z.infer<typeof SettingsSchema>;
export type Topology = z.infer<typeof TopologySchema>;
export type SubnetType = Subnet["type"];

/** The document's collections by kind of object; the one place that ties the two together. */
export const COLLECTION = {
  vpc: "vpcs",
  subnet: "subnets",
  instance: "instances",
  "internet-gateway": "internetGateways",
  peering: "peerings",
} as const satisfies Record<ObjectKind, keyof Topology>;
export type CollectionName = (typeof COLLECTION)[ObjectKind];

export interface ObjectByKind {
  vpc: Vpc;
  subnet: Subnet;
  instance: Instance;
  "internet-gateway": InternetGateway;
  peering: Peering;
}
export type TopologyObject = ObjectByKind[ObjectKind];

/** Quotas. AWS's defaults where a lab does not need more; VPCs and instances are what one host was measured with. */
export const LIMITS = { vpcs: 64, subnetsPerVpc: 200, instances: 1000, peeringsPerVpc: 125 } as const;

export const EMPTY_TOPOLOGY: Topology = {
  schemaVersion: 1,
  settings: { addressing: "lab" },
  vpcs: [],
  subnets: [],
  instances: [],
  internetGateways: [],
  peerings: [],
};
