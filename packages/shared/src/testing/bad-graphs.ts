import type { ErrorCode } from "../errors/error-code";
import type { Topology, TopologyObject } from "../topology/topology";
import { EMPTY_TOPOLOGY, LIMITS } from "../topology/topology";
import { inLab, LAB, labWith, pathTo, refused, rows, setting, type Attempt, type BadInput } from "./bad-input";
import { gridTopology } from "./builders";
import { named } from "./full-lab";

/** Ids, references, counts, shapes; what is in use. */

const vpc = inLab("vpcs", "vpc1");
const other = named(LAB.vpcs, "vpc2");
const otherTable = LAB.routeTables.find((table) => table.vpcId === other.id);
const otherGroup = LAB.securityGroups.find((group) => group.vpcId === other.id);
const otherAcl = LAB.networkAcls.find((acl) => acl.vpcId === other.id);
const subnet = inLab("subnets", "private");
const fw = inLab("instances", "fw");
const nat = inLab("natGateways", "nat");
const eip = named(LAB.elasticIps, "web-eip");
const peering = named(LAB.peerings, "vpc1-vpc2");
const gateway = inLab("internetGateways", "vpc1-igw");

const create = (kind: string, object: unknown): Attempt => ({ edit: { op: "create", kind, object } });
const remove = (object: TopologyObject): Attempt => ({ edit: { op: "delete", id: object.id } });
const copies = <T extends TopologyObject>(object: T, count: number, prefix: string): T[] =>
  Array.from({ length: count }, (_, n) => ({ ...object, id: `${prefix}-${n.toString(16).padStart(12, "f")}`, name: `copy${n}` }));
const over = (code: ErrorCode, collection: keyof Topology, change: (doc: Topology) => void): BadInput =>
  ({ id: "B-C6", what: code, attempt: labWith(change), expected: refused(code, collection) });
const dangling = (what: string, object: TopologyObject, field: string, value: unknown, ...path: (string | number)[]): BadInput =>
  ({ id: "B-C2", what, attempt: setting(object, { [field]: value }), expected: refused("REF_UNKNOWN", ...pathTo(object), field, ...path) });
const inUse = (what: string, object: TopologyObject): BadInput =>
  ({ id: "AWS-8", what, attempt: remove(object), expected: refused("IN_USE", "id") });
const shape = (what: string, document: unknown, ...path: (string | number)[]): BadInput =>
  ({ id: "B-C12", what, attempt: { document }, expected: refused("SCHEMA", ...path) });

const remotePeering = {
  id: "pcx-ffffffffffff", name: "abroad", requesterVpcId: vpc.id, accepterVpcId: "vpc-ffffffffffff", status: "active" as const,
  remote: { side: "accepter" as const, topologyId: "00000000-0000-4000-8000-00000000abcd", topologyName: "abroad", vpcName: "vpc9", cidr: "192.168.0.0/16" },
};

export const BAD_GRAPHS: readonly BadInput[] = [
  { id: "B-C1", what: "an id twice", attempt: labWith((doc) => { doc.vpcs.push({ ...vpc, name: "twin", cidr: "10.9.0.0/16" }); }), expected: refused("ID_DUPLICATE", "vpcs", LAB.vpcs.length, "id") },
  {
    id: "B-C1", what: "a rule's id twice",
    attempt: setting(inLab("securityGroups", "web"), { rules: inLab("securityGroups", "db").rules }),
    expected: refused("ID_DUPLICATE", ...lastOf("securityGroups", ["db", "web"]), "rules", 0, "id"),
  },
  dangling("a missing subnet", fw, "subnetId", "subnet-ffffffffffff"),
  dangling("something that is no subnet", fw, "subnetId", vpc.id),
  dangling("a missing route table", subnet, "routeTableId", "rtb-ffffffffffff"),
  dangling("another VPC's route table", subnet, "routeTableId", otherTable?.id),
  dangling("another VPC's ACL", subnet, "networkAclId", otherAcl?.id),
  dangling("another VPC's main table", vpc, "mainRouteTableId", otherTable?.id),
  dangling("another VPC's group", fw, "securityGroupIds", [otherGroup?.id], 0),
  dangling("a NAT gateway's missing subnet", nat, "subnetId", "subnet-ffffffffffff"),
  { id: "B-C2", what: "an Elastic IP of nobody", attempt: setting(eip, { target: { kind: "instance", id: nat.id } }), expected: refused("REF_UNKNOWN", ...pathTo(eip), "target") },
  { id: "AWS-21", what: "an Elastic IP for who has one", attempt: setting(eip, { target: { kind: "nat-gateway", id: nat.id } }), expected: refused("EIP_TAKEN", ...lastOf("elasticIps", ["nat-eip", "web-eip"]), "target") },
  { id: "B-C4", what: "a subnet without a VPC", attempt: labWith((doc) => { doc.subnets.push({ ...subnet, id: "subnet-ffffffffffff", vpcId: "vpc-ffffffffffff" }); }), expected: refused("REF_UNKNOWN", "subnets", LAB.subnets.length, "vpcId") },
  { id: "B-C4", what: "a peering with itself", attempt: labWith((doc) => { doc.peerings.push({ ...peering, id: "pcx-ffffffffffff", name: "self", accepterVpcId: peering.requesterVpcId }); }), expected: refused("PEER_SELF", "peerings", 1, "accepterVpcId") },
  { id: "B-C4", what: "a peering twice, the other way round", attempt: labWith((doc) => { doc.peerings.push({ ...peering, id: "pcx-ffffffffffff", name: "again", requesterVpcId: peering.accepterVpcId, accepterVpcId: peering.requesterVpcId }); }), expected: refused("PEER_DUPLICATE", "peerings", 1, "accepterVpcId") },
  { id: "B-C4", what: "a peering again after one that was rejected", attempt: labWith((doc) => { for (const each of doc.peerings) each.status = "rejected"; doc.peerings.push({ ...peering, id: "pcx-ffffffffffff", name: "again" }); }), expected: null },
  { id: "B-C4", what: "a peering with nobody", attempt: create("peering", { ...peering, id: "pcx-ffffffffffff", name: "nobody", accepterVpcId: "vpc-ffffffffffff" }), expected: refused("REF_UNKNOWN", "peerings", 1, "accepterVpcId") },
  { id: "B-C4", what: "a peering with another topology", attempt: create("peering", remotePeering), expected: null },
  { id: "B-C4", what: "a peering with a copy of this topology", attempt: create("peering", { ...remotePeering, accepterVpcId: other.id }), expected: refused("ID_DUPLICATE", "peerings", 1, "accepterVpcId") },
  { id: "AWS-16", what: "a second internet gateway", attempt: create("internet-gateway", { ...gateway, id: "igw-ffffffffffff", name: "second" }), expected: refused("IGW_DUPLICATE", "internetGateways", LAB.internetGateways.length, "vpcId") },

  over("LIMIT_VPCS", "vpcs", (doc) => Object.assign(doc, gridTopology({ vpcs: LIMITS.vpcs + 1, subnetsPerVpc: 0, instancesPerSubnet: 0 }))),
  over("LIMIT_SUBNETS", "subnets", (doc) => doc.subnets.push(...copies(subnet, LIMITS.subnetsPerVpc, "subnet"))),
  over("LIMIT_INSTANCES", "instances", (doc) => doc.instances.push(...copies(fw, LIMITS.instances, "i"))),
  over("LIMIT_NAT_GATEWAYS", "natGateways", (doc) => doc.natGateways.push(...copies(nat, LIMITS.natGatewaysPerVpc, "nat"))),
  over("LIMIT_ELASTIC_IPS", "elasticIps", (doc) => doc.elasticIps.push(...copies({ ...eip, target: null }, LIMITS.elasticIps, "eipalloc"))),
  over("LIMIT_ROUTE_TABLES", "routeTables", (doc) => doc.routeTables.push(...copies(inLab("routeTables", "nat"), LIMITS.routeTablesPerVpc, "rtb"))),
  over("LIMIT_SECURITY_GROUPS", "securityGroups", (doc) => doc.securityGroups.push(...copies({ ...inLab("securityGroups", "db"), rules: [] }, LIMITS.securityGroupsPerVpc, "sg"))),
  over("LIMIT_NETWORK_ACLS", "networkAcls", (doc) => doc.networkAcls.push(...copies({ ...inLab("networkAcls", "edge"), entries: [] }, LIMITS.networkAclsPerVpc, "acl"))),
  over("LIMIT_PEERINGS", "peerings", (doc) => doc.peerings.push(...copies({ ...peering, status: "rejected" }, LIMITS.peeringsPerVpc, "pcx"))),
  {
    id: "B-C6", what: "LIMIT_GROUPS_PER_INSTANCE",
    attempt: labWith((doc) => {
      const more = copies({ ...inLab("securityGroups", "db"), rules: [] }, LIMITS.groupsPerInstance + 1, "sg");
      doc.securityGroups.push(...more);
      for (const instance of doc.instances) if (instance.id === fw.id) instance.securityGroupIds = more.map((group) => group.id);
    }),
    expected: refused("LIMIT_GROUPS_PER_INSTANCE", ...pathTo(fw), "securityGroupIds"),
  },
  {
    id: "B-C6", what: "LIMIT_PUBLISHED_PORTS",
    attempt: setting(fw, { publishedPorts: Array.from({ length: LIMITS.publishedPortsPerInstance + 1 }, (_, n) => ({ protocol: "tcp", hostPort: 9000 + n, port: 80 })) }),
    expected: refused("LIMIT_PUBLISHED_PORTS", ...pathTo(fw), "publishedPorts"),
  },
  { id: "B-C9", what: "an empty topology", attempt: { document: EMPTY_TOPOLOGY }, expected: null },
  { id: "B-C10", what: "an instance without a group", attempt: setting(fw, { securityGroupIds: [] }), expected: refused("GROUP_MISSING", ...pathTo(fw), "securityGroupIds") },

  ...rows("B-C12", [null, [], "x", 7, true], (document) => ({ attempt: { document }, expected: refused("SCHEMA") })),
  shape("an unknown key", { ...LAB, extra: 1 }),
  shape("a newer schema", { ...LAB, schemaVersion: 4 }, "schemaVersion"),
  shape("an object where a list belongs", { ...LAB, vpcs: {} }, "vpcs"),
  shape("null in a list", { ...LAB, vpcs: [null] }, "vpcs", 0),
  shape("a list where text belongs", { ...LAB, vpcs: [{ ...vpc, name: ["a"] }] }, "vpcs", 0, "name"),
  shape("a foreign id", { ...LAB, vpcs: [{ ...vpc, id: "../x" }] }, "vpcs", 0, "id"),
  shape("text where yes or no belongs", { ...LAB, instances: [{ ...fw, sourceDestCheck: "false" }] }, "instances", 0, "sourceDestCheck"),
  { id: "B-C12", what: "a rule's peer of no kind", attempt: setting(inLab("securityGroups", "db"), { rules: [{ ...inLab("securityGroups", "db").rules[0], peer: { host: "x" } }] }), expected: refused("SCHEMA", ...pathTo(inLab("securityGroups", "db")), "rules", 0, "peer") },
  { id: "B-C12", what: "a port as text", attempt: setting(fw, { webServer: { port: "80" } }), expected: refused("SCHEMA", ...pathTo(fw), "webServer", "port") },
  { id: "B-C12", what: "a part of a port", attempt: setting(fw, { webServer: { port: 80.5 } }), expected: refused("SCHEMA", ...pathTo(fw), "webServer", "port") },
  {
    id: "B-C15", what: "delete and create with one id in one edit",
    attempt: { edit: { op: "batch", commands: [{ op: "delete", id: fw.id }, { op: "create", kind: "instance", object: { ...fw, name: "again" } }] } },
    expected: refused("ID_DUPLICATE", "id"),
  },
  inUse("the main route table", inLab("routeTables", "main")),
  inUse("a route table that routes a subnet", inLab("routeTables", "nat")),
  inUse("the default ACL", inLab("networkAcls", "default")),
  inUse("an ACL that filters a subnet", inLab("networkAcls", "edge")),
  inUse("the default group", inLab("securityGroups", "default")),
  inUse("a group that an instance has", inLab("securityGroups", "web")),
  inUse("an internet gateway that carries an Elastic IP", gateway),
  {
    id: "AWS-8", what: "a group that a rule of another names",
    attempt: { edit: { op: "batch", commands: [...LAB.instances.map((instance) => ({ op: "update", kind: "instance", id: instance.id, set: { securityGroupIds: instance.securityGroupIds.slice(0, 1) } })), { op: "delete", id: inLab("securityGroups", "web").id }] } },
    expected: refused("IN_USE", "id"),
  },
];

/** Of two objects of the lab, the one that comes later in the document: there a clash of the two is said. */
function lastOf(collection: "securityGroups" | "elasticIps", names: readonly string[]): [string, number] {
  const paths = names.map((name) => pathTo(inLab(collection, name)));
  return paths.sort((a, b) => b[1] - a[1])[0] ?? [collection, 0];
}
