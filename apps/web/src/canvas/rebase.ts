import { nextAddress, nextName, nextSubnetCidr, nextVpcCidr } from "@vpclab/shared/topology/allocate";
import { diffTopologies, describeDifference } from "@vpclab/shared/topology/diff";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { CreateCommand, EditCommand, SingleCommand } from "@vpclab/shared/topology/edit-command";
import type { Topology } from "@vpclab/shared/topology/topology";
import { COLLECTION } from "@vpclab/shared/topology/topology";
import { vpcsOverlap } from "@vpclab/shared/topology/validate-addresses";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";

export interface Rebased {
  readonly document: Topology;
  /** The commands as they now read; the refused ones are missing. */
  readonly commands: readonly EditCommand[];
  /** What could not be kept, a sentence each. */
  readonly refused: readonly string[];
}

/**
 * Puts commands that were made on another base on top of this one. A new object whose name, range or address was taken
 * meanwhile gets the next free one, as it would have got if it had been dropped now.
 */
export function rebase(base: Topology, commands: readonly EditCommand[]): Rebased {
  let document = base;
  const kept: EditCommand[] = [];
  const refused: string[] = [];
  for (const command of commands) {
    const fitting = fit(document, command);
    const edited = applyEdit(document, fitting);
    if (edited.ok) {
      ({ document } = edited.value);
      kept.push(fitting);
    } else {
      refused.push(edited.error[0]?.message ?? "One change could not be kept.");
    }
  }
  return { document, commands: kept, refused };
}

/** What two sides did to a common base, in words. */
export const changesInWords = (base: Topology, changed: Topology): readonly string[] =>
  diffTopologies(base, changed).map(describeDifference);

function fit(document: Topology, command: EditCommand): EditCommand {
  if (applyEdit(document, command).ok && !takesARange(document, command)) return command;
  if (command.op !== "batch") return fitOne(document, command);
  // Later parts of a batch stand on earlier ones: an instance's address depends on what its new subnet became.
  let draft = document;
  const commands = command.commands.map((single) => {
    const fitting = fitOne(draft, single);
    if (fitting.op === "create") draft = { ...draft, [COLLECTION[fitting.kind]]: [...draft[COLLECTION[fitting.kind]], fitting.object] };
    return fitting;
  });
  return { op: "batch", commands };
}

function fitOne(document: Topology, command: SingleCommand): SingleCommand {
  if (command.op !== "create") return command;
  const index = indexTopology(document);
  switch (command.kind) {
    case "vpc": {
      const named = withName(command, document.vpcs);
      const cidr = takesARange(document, named) ? nextVpcCidr(document) : null;
      return cidr === null ? named : { ...named, object: { ...named.object, cidr } };
    }
    case "subnet": {
      const named = withName(command, index.subnetsOfVpc(command.object.vpcId));
      if (isAccepted(document, named)) return named;
      const cidr = nextSubnetCidr(document, command.object.vpcId);
      return cidr === null ? named : { ...named, object: { ...named.object, cidr } };
    }
    case "instance":
      return withAddress(document, withName(command, cardsIn(index, command.object.subnetId)));
    case "nat-gateway":
      return withAddress(document, withName(command, cardsIn(index, command.object.subnetId)));
    case "route-table":
      return withName(command, index.routeTablesOfVpc(command.object.vpcId));
    case "security-group":
      return withName(command, index.groupsOfVpc(command.object.vpcId));
    case "network-acl":
      return withName(command, index.networkAclsOfVpc(command.object.vpcId));
    case "internet-gateway":
      return withName(command, document.internetGateways);
    case "elastic-ip":
      return withName(command, document.elasticIps);
    case "peering":
      return withName(command, document.peerings);
  }
}

/** Overlapping VPCs are allowed, but two tabs that add one each do not mean them to: they could never be peered. */
const takesARange = (document: Topology, command: EditCommand): boolean =>
  command.op === "create" && command.kind === "vpc" && document.vpcs.some((other) => vpcsOverlap(other, command.object));

const isAccepted = (document: Topology, command: EditCommand): boolean => applyEdit(document, command).ok;

/** Instances and NAT gateways of a subnet share names and addresses. */
const cardsIn = (index: TopologyIndex, subnetId: string): readonly { readonly name: string; readonly address: string }[] =>
  [...index.instancesOfSubnet(subnetId), ...index.natGatewaysOfSubnet(subnetId)];

function withAddress<T extends Extract<CreateCommand, { kind: "instance" | "nat-gateway" }>>(document: Topology, command: T): T {
  const taken = cardsIn(indexTopology(document), command.object.subnetId).some(({ address }) => address === command.object.address);
  const address = taken ? nextAddress(document, command.object.subnetId) : null;
  return address === null ? command : { ...command, object: { ...command.object, address } };
}

function withName<T extends CreateCommand>(command: T, siblings: readonly { readonly name: string }[]): T {
  const names = siblings.map(({ name }) => name);
  if (!names.includes(command.object.name)) return command;
  const stem = command.object.name.replace(/\d+$/, "") || command.object.name;
  return { ...command, object: { ...command.object, name: nextName(names, stem) } };
}
