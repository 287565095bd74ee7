import type { Issue } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { MAIN_INSTANCE_NAME } from "../net/namespace-name";
import { nextAddress, nextName, nextSubnetCidr, nextVpcCidr } from "./allocate";
import type { CreateCommand, EditCommand } from "./edit-command";
import type { RandomBytes } from "./ids";
import { newId } from "./ids";
import type { SubnetType, Topology } from "./topology";
import { indexTopology } from "./topology-index";

/** The command that a drop on the canvas (or `vpcctl … add`) makes, with everything filled in that can be derived. */
export interface NewObject {
  readonly id: string;
  readonly command: EditCommand;
}

const full = (code: Issue["code"], message: string): Result<never, Issue[]> => err([{ severity: "error", code, path: [], message }]);

export function newVpc(doc: Topology, random: RandomBytes): Result<NewObject, Issue[]> {
  const cidr = nextVpcCidr(doc);
  if (cidr === null) return full("VPC_FULL", "All private ranges are taken by VPCs of this topology; delete one or shrink it first.");
  const id = newId("vpc", random);
  const object = { id, name: nextName(doc.vpcs.map((vpc) => vpc.name), "vpc"), cidr };
  return ok({ id, command: { op: "create", kind: "vpc", object } });
}

/** A subnet with its main instance, as one command. */
export function newSubnet(doc: Topology, vpcId: string, type: SubnetType, random: RandomBytes): Result<NewObject, Issue[]> {
  const cidr = nextSubnetCidr(doc, vpcId);
  if (cidr === null) return full("VPC_FULL", "This VPC has no free range left for another subnet.");
  const id = newId("subnet", random);
  const siblings = indexTopology(doc).subnetsOfVpc(vpcId);
  const subnet = { id, vpcId, name: nextName(siblings.map((s) => s.name), type, { bareFirst: true }), cidr, type };
  const address = nextAddress({ ...doc, subnets: [...doc.subnets, subnet] }, id);
  if (address === null) return full("SUBNET_FULL", "This VPC has no free range left for another subnet.");
  const instance = { id: newId("instance", random), subnetId: id, name: MAIN_INSTANCE_NAME, address, webServer: null };
  const commands: CreateCommand[] = [
    { op: "create", kind: "subnet", object: subnet },
    { op: "create", kind: "instance", object: instance },
  ];
  return ok({ id, command: { op: "batch", commands } });
}

export function newInstance(doc: Topology, subnetId: string, random: RandomBytes): Result<NewObject, Issue[]> {
  const address = nextAddress(doc, subnetId);
  if (address === null) return full("SUBNET_FULL", "This subnet has no free address left.");
  const names = indexTopology(doc).instancesOfSubnet(subnetId).map((instance) => instance.name);
  const name = names.includes(MAIN_INSTANCE_NAME) ? nextName(names, "i") : MAIN_INSTANCE_NAME;
  const id = newId("instance", random);
  return ok({ id, command: { op: "create", kind: "instance", object: { id, subnetId, name, address, webServer: null } } });
}

export function newInternetGateway(doc: Topology, vpcId: string, random: RandomBytes): NewObject {
  const vpc = indexTopology(doc).vpcById.get(vpcId);
  const id = newId("internet-gateway", random);
  const name = nextName(doc.internetGateways.map((gateway) => gateway.name), `${vpc?.name ?? "vpc"}-igw`, { bareFirst: true });
  return { id, command: { op: "create", kind: "internet-gateway", object: { id, vpcId, name } } };
}

export function newPeering(doc: Topology, requesterVpcId: string, accepterVpcId: string, random: RandomBytes): NewObject {
  const { vpcById } = indexTopology(doc);
  const stem = `${vpcById.get(requesterVpcId)?.name ?? "vpc"}-${vpcById.get(accepterVpcId)?.name ?? "vpc"}`;
  const id = newId("peering", random);
  const name = nextName(doc.peerings.map((peering) => peering.name), stem, { bareFirst: true });
  return { id, command: { op: "create", kind: "peering", object: { id, name, requesterVpcId, accepterVpcId } } };
}

/** Another subnet for an instance: a free address there, and another name where its own is taken. */
export function moveInstance(doc: Topology, instanceId: string, subnetId: string): Result<EditCommand, Issue[]> {
  const index = indexTopology(doc);
  const instance = index.instanceById.get(instanceId);
  const address = nextAddress(doc, subnetId);
  if (!instance) return full("REF_UNKNOWN", "This instance is no longer there.");
  if (address === null) return full("SUBNET_FULL", "That subnet has no free address left.");
  const names = index.instancesOfSubnet(subnetId).map((other) => other.name);
  const stem = instance.name === MAIN_INSTANCE_NAME ? "i" : instance.name;
  const name = names.includes(instance.name) ? nextName(names, stem) : instance.name;
  return ok({ op: "update", kind: "instance", id: instanceId, set: { subnetId, address, name } });
}
