import { containsAddress, parseAddress, parseCidr } from "@vpclab/shared/net/cidr";
import { nextAddress, nextName, nextSubnetCidr, nextVpcCidr } from "@vpclab/shared/topology/allocate";
import { mergeEdit } from "@vpclab/shared/topology/merge-edit";
import type { Collision } from "@vpclab/shared/topology/merge-edit";
import type { Preference } from "@vpclab/shared/topology/merge-list";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { CreateCommand, EditCommand, SingleCommand } from "@vpclab/shared/topology/edit-command";
import { same } from "@vpclab/shared/topology/merge-list";
import type { Topology, TopologyObject } from "@vpclab/shared/topology/topology";
import { COLLECTION } from "@vpclab/shared/topology/topology";
import { vpcsOverlap } from "@vpclab/shared/topology/validate-addresses";
import { findObject, indexTopology } from "@vpclab/shared/topology/topology-index";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";

export interface Rebased {
  readonly document: Topology;
  /** Where both sides have a say in the same thing. */
  readonly collisions: readonly Collision[];
  /** The commands as they now read; the refused ones are missing. */
  readonly commands: readonly EditCommand[];
  /** What could not be kept, a sentence each. */
  readonly refused: readonly string[];
}

/**
 * Puts commands that were made on `origin` on top of what others have made of it meanwhile. Objects that one side alone has touched
 * stay as that side has them; `prefer` decides where both have a say. A new object whose name, range or address was taken
 * meanwhile gets the next free one, as it would have got if it had been dropped now.
 */
export function rebase(origin: Topology, theirs: Topology, commands: readonly EditCommand[], prefer: Preference): Rebased {
  let document = theirs;
  const collisions: Collision[] = [];
  const kept: EditCommand[] = [];
  const refused: string[] = [];
  for (const command of commands) {
    const merged = mergeEdit(origin, theirs, command, prefer);
    collisions.push(...merged.collisions.filter(({ sentence }) => !collisions.some((known) => known.sentence === sentence)));
    if (!merged.command) continue;
    const fitting = fit(document, merged.command);
    const edited = applyEdit(document, fitting);
    if (edited.ok) {
      ({ document } = edited.value);
      kept.push(fitting);
    } else {
      refused.push(edited.error[0]?.message ?? "One change could not be kept.");
    }
  }
  return { document, commands: kept, refused, collisions };
}

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
  const index = indexTopology(document);
  const subnet = index.subnetById.get(command.object.subnetId);
  const taken = cardsIn(index, command.object.subnetId).some(({ address }) => address === command.object.address);
  // Its subnet may be a new one, too, and have got another range.
  const address = taken || (subnet && !isIn(subnet.cidr, command.object.address)) ? nextAddress(document, command.object.subnetId) : null;
  return address === null ? command : { ...command, object: { ...command.object, address } };
}

function isIn(cidr: string, address: string): boolean {
  const [outer, value] = [parseCidr(cidr), parseAddress(address)];
  return outer.ok && value !== null && containsAddress(outer.value, value);
}

function withName<T extends CreateCommand>(command: T, siblings: readonly { readonly name: string }[]): T {
  const names = siblings.map(({ name }) => name);
  if (!names.includes(command.object.name)) return command;
  const stem = command.object.name.replace(/\d+$/, "") || command.object.name;
  return { ...command, object: { ...command.object, name: nextName(names, stem) } };
}

/**
 * New objects that got another name, range or address on the way: what changes a document that has them as they were made
 * into one that has them as they are now, so that they are not taken for somebody else's change.
 */
export function renewedBy(before: readonly EditCommand[], after: readonly EditCommand[]): (document: Topology) => Topology {
  const made = createdBy(before);
  const renewed = [...createdBy(after)].filter(([id, object]) => made.has(id) && !same(made.get(id), object));
  if (renewed.length === 0) return (document) => document;
  return (document) => renewed.reduce((doc, [id, object]) => replaced(doc, id, made.get(id)!, object), document);
}

const createdBy = (commands: readonly EditCommand[]): ReadonlyMap<string, TopologyObject> =>
  new Map(commands.flatMap((command) => (command.op === "batch" ? command.commands : [command])).flatMap((single) => (single.op === "create" ? [[single.object.id, single.object] as const] : [])));

function replaced(document: Topology, id: string, made: TopologyObject, now: TopologyObject): Topology {
  const found = findObject(document, id);
  if (!found) return document;
  const [old, next] = [made, now] as unknown as [Record<string, unknown>, Record<string, unknown>];
  const moved = Object.entries(next).filter(([field, value]) => !same(old[field], value) && same((found.object as unknown as Record<string, unknown>)[field], old[field]));
  const collection = COLLECTION[found.kind];
  return { ...document, [collection]: document[collection].map((object) => (object.id === id ? { ...object, ...Object.fromEntries(moved) } : object)) };
}
