import type { Issue } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { MAIN_INSTANCE_NAME } from "../net/namespace-name";
import { nextAddress, nextName, nextSubnetCidr, nextVpcCidr } from "./allocate";
import type { CreateCommand, EditCommand, SingleCommand } from "./edit-command";
import type { RandomBytes } from "./ids";
import { newId } from "./ids";
import { ALLOW_ALL_ENTRIES, allowAllRule, plainInstance } from "./new-defaults";
import { EVERYWHERE, gatewayCommands, tableForType } from "./subnet-routing";
import type { SubnetType } from "./subnet-type";
import { letPeersIn } from "./peering-access";
import type { Instance, Subnet, Topology, Vpc } from "./topology";
import { indexTopology } from "./topology-index";
import { validateCidr } from "./validate-cidr";

/** The command that a drop on the canvas (or `vpcctl … add`) makes, with everything filled in that can be derived. */
export interface NewObject {
  readonly id: string;
  readonly command: EditCommand;
}

const full = (code: Issue["code"], message: string): Result<never, Issue[]> => err([{ severity: "error", code, path: [], message }]);

/** What a person chose; the rest is derived. */
export type VpcWish = Partial<Pick<Vpc, "name" | "cidr" | "reachableFromHost" | "dnsSupport">>;
export type SubnetWish = Partial<Pick<Subnet, "name" | "cidr">> & { readonly type: SubnetType };
export type InstanceWish = Partial<Pick<Instance, "name" | "address">>;

/** A VPC with what AWS gives each: a main route table, a default network ACL (allows all), a default security group. */
export function newVpc(doc: Topology, random: RandomBytes, wish: VpcWish = {}): Result<NewObject, Issue[]> {
  const cidr = wish.cidr ?? nextVpcCidr(doc);
  if (cidr === null) return full("VPC_FULL", "All private ranges are taken by VPCs of this topology; delete one or shrink it first.");
  const id = newId("vpc", random);
  const mainRouteTableId = newId("route-table", random);
  const defaultNetworkAclId = newId("network-acl", random);
  const defaultSecurityGroupId = newId("security-group", random);
  const name = wish.name ?? nextName(doc.vpcs.map((vpc) => vpc.name), "vpc");
  const { reachableFromHost = false, dnsSupport = true } = wish;
  const rules = [
    allowAllRule("ingress", { securityGroupId: defaultSecurityGroupId }, random), allowAllRule("egress", { cidr: EVERYWHERE }, random),
  ];
  const group = { id: defaultSecurityGroupId, vpcId: id, name: "default", description: "default VPC security group", rules };
  const commands: CreateCommand[] = [
    { op: "create", kind: "vpc", object: { id, name, cidr, mainRouteTableId, defaultNetworkAclId, defaultSecurityGroupId, reachableFromHost, dnsSupport } },
    { op: "create", kind: "route-table", object: { id: mainRouteTableId, vpcId: id, name: "main", routes: [] } },
    { op: "create", kind: "network-acl", object: { id: defaultNetworkAclId, vpcId: id, name: "default", entries: [...ALLOW_ALL_ENTRIES] } },
    { op: "create", kind: "security-group", object: group },
  ];
  return ok({ id, command: { op: "batch", commands } });
}

/** A subnet with its main instance, as one command. A public one brings the internet gateway and the table that it needs. */
export function newSubnet(doc: Topology, vpcId: string, wish: SubnetType | SubnetWish, random: RandomBytes): Result<NewObject, Issue[]> {
  const { type, ...chosen }: SubnetWish = typeof wish === "string" ? { type: wish } : wish;
  const index = indexTopology(doc);
  const vpc = index.vpcById.get(vpcId);
  if (!vpc) return full("REF_UNKNOWN", "This VPC is no longer there.");
  const cidr = chosen.cidr ?? nextSubnetCidr(doc, vpcId);
  const wrong = validateCidr(cidr ?? "", ["cidr"]);
  if (chosen.cidr !== undefined && wrong.length > 0) return err(wrong);
  if (cidr === null) return full("VPC_FULL", "This VPC has no free range left for another subnet.");
  const id = newId("subnet", random);
  const { routeTableId, commands } = tableForType(doc, vpcId, null, type, random);
  const name = chosen.name ?? nextName(index.subnetsOfVpc(vpcId).map((sibling) => sibling.name), type, { bareFirst: true });
  const subnet: Subnet = { id, vpcId, name, cidr, routeTableId, networkAclId: null, autoAssignPublicAddress: type === "public", firewall: null };
  const address = nextAddress({ ...doc, subnets: [...doc.subnets, subnet] }, id);
  if (address === null) return full("SUBNET_FULL", "This VPC has no free range left for another subnet.");
  const instance = plainInstance(newId("instance", random), id, MAIN_INSTANCE_NAME, address, vpc.defaultSecurityGroupId);
  commands.push({ op: "create", kind: "subnet", object: subnet }, { op: "create", kind: "instance", object: instance });
  return ok({ id, command: { op: "batch", commands } });
}

/** The public/private switch of a subnet; public makes the internet gateway and the table where there is none. */
export function setSubnetType(doc: Topology, subnetId: string, type: SubnetType, random: RandomBytes): EditCommand {
  const subnet = indexTopology(doc).subnetById.get(subnetId);
  const set: Partial<Subnet> = { autoAssignPublicAddress: type === "public" };
  // An unknown id is refused by the edit itself.
  if (!subnet) return { op: "update", kind: "subnet", id: subnetId, set };
  const { routeTableId, commands } = tableForType(doc, subnet.vpcId, subnet, type, random);
  return oneCommand([...commands, { op: "update", kind: "subnet", id: subnetId, set: { ...set, routeTableId } }]);
}

export function newInstance(doc: Topology, subnetId: string, random: RandomBytes, wish: InstanceWish = {}): Result<NewObject, Issue[]> {
  const index = indexTopology(doc);
  const vpc = index.vpcById.get(index.subnetById.get(subnetId)?.vpcId ?? "");
  if (!vpc) return full("REF_UNKNOWN", "This subnet is no longer there.");
  const address = wish.address ?? nextAddress(doc, subnetId);
  if (address === null) return full("SUBNET_FULL", "This subnet has no free address left.");
  const names = namesInSubnet(doc, subnetId);
  const name = wish.name ?? (names.includes(MAIN_INSTANCE_NAME) ? nextName(names, "i") : MAIN_INSTANCE_NAME);
  const id = newId("instance", random);
  return ok({ id, command: { op: "create", kind: "instance", object: plainInstance(id, subnetId, name, address, vpc.defaultSecurityGroupId) } });
}

/** The gateway; routes of the VPC whose internet gateway was deleted lead to the new one. */
export function newInternetGateway(doc: Topology, vpcId: string, random: RandomBytes): NewObject {
  const { id, commands } = gatewayCommands(doc, vpcId, random);
  return { id, command: oneCommand(commands) };
}

/** A NAT gateway with an Elastic IP of its own (AWS: a public NAT gateway). Routes to it are the user's. */
export function newNatGateway(doc: Topology, subnetId: string, random: RandomBytes, wish: InstanceWish = {}): Result<NewObject, Issue[]> {
  const address = wish.address ?? nextAddress(doc, subnetId);
  if (address === null) return full("SUBNET_FULL", "This subnet has no free address left.");
  const id = newId("nat-gateway", random);
  const name = wish.name ?? nextName(namesInSubnet(doc, subnetId), "nat", { bareFirst: true });
  const elasticIp = {
    id: newId("elastic-ip", random), name: nextName(doc.elasticIps.map((ip) => ip.name), "nat-eip", { bareFirst: true }),
    target: { kind: "nat-gateway" as const, id },
  };
  return ok({
    id,
    command: oneCommand([
      { op: "create", kind: "nat-gateway", object: { id, subnetId, name, address } },
      { op: "create", kind: "elastic-ip", object: elasticIp },
    ]),
  });
}

export function newElasticIp(doc: Topology, random: RandomBytes, wished?: string): NewObject {
  const id = newId("elastic-ip", random);
  const name = wished ?? nextName(doc.elasticIps.map((ip) => ip.name), "eip");
  return { id, command: { op: "create", kind: "elastic-ip", object: { id, name, target: null } } };
}

/** Associates an Elastic IP (null: with nothing). One that the target has already is set free. */
export function associateElasticIp(doc: Topology, elasticIpId: string, target: { kind: "instance" | "nat-gateway"; id: string } | null): EditCommand {
  const replaced = target ? doc.elasticIps.filter((ip) => ip.target?.id === target.id && ip.id !== elasticIpId) : [];
  return oneCommand([
    ...replaced.map((ip): SingleCommand => ({ op: "update", kind: "elastic-ip", id: ip.id, set: { target: null } })),
    { op: "update", kind: "elastic-ip", id: elasticIpId, set: { target } },
  ]);
}

/** Routes nothing but the VPC itself. */
export function newRouteTable(doc: Topology, vpcId: string, random: RandomBytes, wished?: string): NewObject {
  const id = newId("route-table", random);
  const name = wished ?? nextName(indexTopology(doc).routeTablesOfVpc(vpcId).map((table) => table.name), "rtb");
  return { id, command: { op: "create", kind: "route-table", object: { id, vpcId, name, routes: [] } } };
}

/** AWS: nothing comes in, everything may go out. */
export function newSecurityGroup(
  doc: Topology, vpcId: string, random: RandomBytes, wish: { readonly name?: string; readonly description?: string } = {},
): NewObject {
  const id = newId("security-group", random);
  const name = wish.name ?? nextName(indexTopology(doc).groupsOfVpc(vpcId).map((group) => group.name), "sg");
  const rules = [allowAllRule("egress", { cidr: EVERYWHERE }, random)];
  return { id, command: { op: "create", kind: "security-group", object: { id, vpcId, name, description: wish.description ?? "", rules } } };
}

/** AWS: denies everything until it has entries. */
export function newNetworkAcl(doc: Topology, vpcId: string, random: RandomBytes, wished?: string): NewObject {
  const id = newId("network-acl", random);
  const name = wished ?? nextName(indexTopology(doc).networkAclsOfVpc(vpcId).map((acl) => acl.name), "acl");
  return { id, command: { op: "create", kind: "network-acl", object: { id, vpcId, name, entries: [] } } };
}

/** An active peering and nothing else: no route leads there, no group lets the peer in. */
export function newBarePeering(doc: Topology, requesterVpcId: string, accepterVpcId: string, random: RandomBytes): NewObject {
  const { vpcById } = indexTopology(doc);
  const id = newId("peering", random);
  const stem = `${vpcById.get(requesterVpcId)?.name ?? "vpc"}-${vpcById.get(accepterVpcId)?.name ?? "vpc"}`;
  const name = nextName(doc.peerings.map((peering) => peering.name), stem, { bareFirst: true });
  return { id, command: { op: "create", kind: "peering", object: { id, name, requesterVpcId, accepterVpcId, status: "active", remote: null } } };
}

/** A peering that works at once: active, with the routes and rules of `letPeersIn`. */
export function newPeering(doc: Topology, requesterVpcId: string, accepterVpcId: string, random: RandomBytes): NewObject {
  const { id, command } = newBarePeering(doc, requesterVpcId, accepterVpcId, random);
  const access = letPeersIn(doc, { id, requesterVpcId, accepterVpcId }, random);
  return { id, command: oneCommand([...(command.op === "batch" ? command.commands : [command]), ...access]) };
}

/**
 * Another subnet for an instance: a free address there, and another name where its own is taken. In another VPC it gets the
 * groups of the same names, else the default one.
 */
export function moveInstance(doc: Topology, instanceId: string, subnetId: string): Result<EditCommand, Issue[]> {
  const index = indexTopology(doc);
  const instance = index.instanceById.get(instanceId);
  if (!instance) return full("REF_UNKNOWN", "This instance is no longer there.");
  const address = nextAddress(doc, subnetId);
  if (address === null) return full("SUBNET_FULL", "That subnet has no free address left.");
  const names = namesInSubnet(doc, subnetId);
  const stem = instance.name === MAIN_INSTANCE_NAME ? "i" : instance.name;
  const name = names.includes(instance.name) ? nextName(names, stem) : instance.name;
  const vpc = index.vpcById.get(index.subnetById.get(subnetId)?.vpcId ?? "");
  const wanted = instance.securityGroupIds.map((id) => index.groupById.get(id)?.name);
  const stays = index.subnetById.get(instance.subnetId)?.vpcId === vpc?.id;
  const there = index.groupsOfVpc(vpc?.id ?? "").filter((group) => wanted.includes(group.name)).map((group) => group.id);
  const securityGroupIds = stays ? instance.securityGroupIds : there.length > 0 ? there : [vpc?.defaultSecurityGroupId ?? ""];
  return ok({ op: "update", kind: "instance", id: instanceId, set: { subnetId, address, name, securityGroupIds } });
}

/** Instances and NAT gateways of a subnet share one space of names: those of their namespaces. */
function namesInSubnet(doc: Topology, subnetId: string): string[] {
  const index = indexTopology(doc);
  return [...index.instancesOfSubnet(subnetId), ...index.natGatewaysOfSubnet(subnetId)].map((owner) => owner.name);
}

function oneCommand(commands: SingleCommand[]): EditCommand {
  const [only, ...more] = commands;
  if (!only) throw new Error("a gesture without a command");
  return more.length === 0 ? only : { op: "batch", commands };
}
