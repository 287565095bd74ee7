import type { Issue } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { cidrFrom, formatAddress } from "../net/cidr";
import { MAIN_INSTANCE_NAME } from "../net/namespace-name";
import { resolverAddress, usableRange } from "../net/subnet-addresses";
import type { EditCommand, SingleCommand } from "./edit-command";
import type { RandomBytes } from "./ids";
import { newId } from "./ids";
import { plainInstance } from "./new-defaults";
import type { Topology } from "./topology";
import { LIMITS } from "./topology";
import { indexTopology } from "./topology-index";

export interface NewObjects {
  readonly ids: readonly string[];
  readonly command: EditCommand;
}

/** How many more instances a subnet takes: free addresses, and what is left of the quota. 0 when it is unknown. */
export function roomInSubnet(doc: Topology, subnetId: string): number {
  return Math.min(freeAddresses(doc, subnetId, LIMITS.instances).length, Math.max(0, LIMITS.instances - doc.instances.length));
}

/**
 * So many instances as one command, with the lowest free addresses and names `i1`, `i2` … (`main` where there is none). All or
 * none: SUBNET_FULL and LIMIT_INSTANCES say for how many there is room.
 */
export function newInstances(doc: Topology, subnetId: string, count: number, random: RandomBytes): Result<NewObjects, Issue[]> {
  const index = indexTopology(doc);
  const subnet = index.subnetById.get(subnetId);
  const vpc = index.vpcById.get(subnet?.vpcId ?? "");
  if (!subnet || !vpc) return refuse("REF_UNKNOWN", "This subnet is no longer there.");
  if (!Number.isInteger(count) || count < 1) return refuse("LIMIT_INSTANCES", "Give a whole number of instances, 1 or more.");
  const quota = LIMITS.instances - doc.instances.length;
  if (count > quota) return refuse("LIMIT_INSTANCES", `A topology holds at most ${LIMITS.instances} instances; ${quota === 0 ? "none can be added" : `add at most ${quota}`}.`);
  const addresses = freeAddresses(doc, subnetId, count);
  if (addresses.length < count) {
    const room = addresses.length === 0 ? "no free address left" : `room for ${addresses.length} more ${addresses.length === 1 ? "instance" : "instances"}, not ${count}`;
    return refuse("SUBNET_FULL", `${subnet.name} (${subnet.cidr}) has ${room}; choose another subnet or give it a larger CIDR.`);
  }
  const taken = new Set([...index.instancesOfSubnet(subnetId), ...index.natGatewaysOfSubnet(subnetId)].map(({ name }) => name));
  const names = freeNames(taken);
  const objects = addresses.map((address) => plainInstance(newId("instance", random), subnetId, names.next().value!, address, vpc.defaultSecurityGroupId));
  const commands = objects.map((object): SingleCommand => ({ op: "create", kind: "instance", object }));
  return ok({ ids: objects.map(({ id }) => id), command: commands.length === 1 ? commands[0]! : { op: "batch", commands } });
}

function* freeNames(taken: ReadonlySet<string>): Generator<string, never> {
  if (!taken.has(MAIN_INSTANCE_NAME)) yield MAIN_INSTANCE_NAME;
  for (let number = 1; ; number++) if (!taken.has(`i${number}`)) yield `i${number}`;
}

function freeAddresses(doc: Topology, subnetId: string, most: number): string[] {
  const index = indexTopology(doc);
  const subnet = index.subnetById.get(subnetId);
  const vpc = index.vpcById.get(subnet?.vpcId ?? "");
  if (!subnet || !vpc) return [];
  const taken = new Set([...index.instancesOfSubnet(subnetId), ...index.natGatewaysOfSubnet(subnetId)].map(({ address }) => address));
  taken.add(formatAddress(resolverAddress(cidrFrom(vpc.cidr))));
  const { first, last } = usableRange(cidrFrom(subnet.cidr), doc.settings.addressing);
  const free: string[] = [];
  for (let address = first; address <= last && free.length < most; address++) {
    const text = formatAddress(address);
    if (!taken.has(text)) free.push(text);
  }
  return free;
}

const refuse = (code: Issue["code"], message: string): Result<never, Issue[]> => err([{ severity: "error", code, path: [], message }]);
