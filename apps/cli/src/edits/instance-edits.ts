import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { ok } from "@vpclab/shared/errors/result";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import { moveInstance, newInstance } from "@vpclab/shared/topology/new-object";
import type { Instance, PublishedPort, Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { alreadyThere, inSteps, NO_CHANGE, random, refuse, type Edit } from "./edit";
import { find, placeInSubnet, subnetPath, type Named } from "./place";
import { changed } from "./vpc-edits";

export interface InstanceOptions {
  readonly name: string | null;
  readonly vpc: string | null;
  readonly subnet: string | null;
  readonly address: string | null;
  /** Names of groups; empty: the VPC's default group. */
  readonly groups: readonly string[];
  readonly webServerPort: number | null;
}

export const createInstance = (options: InstanceOptions): Edit => (doc) => {
  const place = placeInSubnet(doc, "instance", options);
  if (!place.ok) return place;
  const { subnet, name } = place.value;
  const groups = groupIds(doc, subnet.vpcId, options.groups);
  if (!groups.ok) return groups;
  const existing = indexTopology(doc).instancesOfSubnet(subnet.id).find((instance) => instance.name === name);
  if (existing) {
    return alreadyThere(`Instance “${subnetPath(doc, subnet)}/${existing.name}”`, [
      ["address", existing.address, options.address],
      ["web server", portText(existing.webServer?.port), options.webServerPort === null ? null : portText(options.webServerPort)],
      ["groups", nameGroups(doc, existing.securityGroupIds), groups.value === null ? null : nameGroups(doc, groups.value)],
    ]);
  }
  const made = newInstance(doc, subnet.id, random, { name: name ?? undefined, address: options.address ?? undefined });
  if (!made.ok) return made;
  const { command } = made.value;
  if (command.op !== "create" || command.kind !== "instance") return ok(command);
  const object: Instance = {
    ...command.object,
    securityGroupIds: groups.value ?? command.object.securityGroupIds,
    webServer: options.webServerPort === null ? null : { port: options.webServerPort },
  };
  return ok({ ...command, object } satisfies EditCommand);
};

const portText = (port: number | undefined): string => (port === undefined ? "off" : `port ${port}`);
const nameGroups = (doc: Topology, ids: readonly string[]): string =>
  ids.map((id) => doc.securityGroups.find((group) => group.id === id)?.name ?? id).sort().join(" + ");

function groupIds(doc: Topology, vpcId: string, names: readonly string[]): Result<string[] | null, Issue[]> {
  const ids: string[] = [];
  for (const name of names) {
    const group = find(doc, "security-group", { name, vpc: vpcId });
    if (!group.ok) return group;
    ids.push(group.value.id);
  }
  return ok(ids.length === 0 ? null : ids);
}

export interface InstanceChange {
  readonly newName: string | null;
  readonly address: string | null;
  readonly subnet: string | null;
  readonly groups: readonly string[];
  readonly sourceDestCheck: boolean | null;
  /** `none`: stop it. */
  readonly webServerPort: number | "none" | null;
  /** Ports of the host where it has no public addresses; empty: as they are. */
  readonly publish: readonly PublishedPort[];
  readonly unpublish: readonly number[];
}

export const NO_INSTANCE_CHANGE: InstanceChange = {
  newName: null, address: null, subnet: null, groups: [], sourceDestCheck: null, webServerPort: null, publish: [], unpublish: [],
};

export const setInstance = (named: Named, change: InstanceChange): Edit => (doc) => {
  const instance = find(doc, "instance", named);
  if (!instance.ok) return instance;
  const { id } = instance.value;
  return inSteps(...(change.subnet === null ? [] : [toSubnet(id, change.subnet)]), setFields(id, change))(doc);
};

const toSubnet = (id: string, subnet: string): Edit => (doc) => {
  const found = find(doc, "subnet", { name: subnet });
  if (!found.ok) return found;
  if (indexTopology(doc).instanceById.get(id)?.subnetId === found.value.id) return NO_CHANGE;
  return moveInstance(doc, id, found.value.id);
};

const setFields = (id: string, change: InstanceChange): Edit => (doc) => {
  const index = indexTopology(doc);
  const instance = index.instanceById.get(id);
  if (!instance) return refuse("REF_UNKNOWN", "This instance is no longer there.");
  const groups = groupIds(doc, index.subnetById.get(instance.subnetId)?.vpcId ?? "", change.groups);
  if (!groups.ok) return groups;
  const kept = instance.publishedPorts.filter(({ hostPort }) =>
    !change.unpublish.includes(hostPort) && !change.publish.some((port) => port.hostPort === hostPort));
  const set = changed(instance, {
    name: change.newName,
    address: change.address,
    securityGroupIds: groups.value,
    sourceDestCheck: change.sourceDestCheck,
    webServer: typeof change.webServerPort === "number" ? { port: change.webServerPort } : null,
    publishedPorts: [...kept, ...change.publish],
  });
  const stopped = change.webServerPort === "none" && instance.webServer !== null ? { webServer: null } : {};
  const all = { ...set, ...stopped };
  return Object.keys(all).length === 0 ? NO_CHANGE : ok({ op: "update", kind: "instance", id, set: all });
};

/** A web server on a subnet's first instance, or on the one named; one per instance, so another port replaces it. */
export const deployWebServer = (named: Named, port: number): Edit => setInstance(named, { ...NO_INSTANCE_CHANGE, webServerPort: port });
export const stopApp = (named: Named): Edit => setInstance(named, { ...NO_INSTANCE_CHANGE, webServerPort: "none" });
