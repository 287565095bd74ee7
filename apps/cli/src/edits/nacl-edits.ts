import { ok } from "@vpclab/shared/errors/result";
import { describeEntry } from "@vpclab/shared/topology/describe-rule";
import { newNetworkAcl } from "@vpclab/shared/topology/new-object";
import type { Direction, NetworkAcl, NetworkAclEntry } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { alreadyThere, NO_CHANGE, random, refuse, type Edit } from "./edit";
import { find, placeInVpc, type Named, type NewName } from "./place";
import { readTraffic, type TrafficOptions } from "./traffic";

/** As in AWS: denies everything until it has entries. */
export const createNetworkAcl = (named: NewName): Edit => (doc) => {
  const place = placeInVpc(doc, "network ACL", named);
  if (!place.ok) return place;
  const { vpc, name } = place.value;
  const existing = indexTopology(doc).networkAclsOfVpc(vpc.id).find((acl) => acl.name === name);
  if (existing) return alreadyThere(`Network ACL “${vpc.name}/${existing.name}”`, []);
  return ok(newNetworkAcl(doc, vpc.id, random, name ?? undefined).command);
};

export interface EntryOptions {
  readonly action: "allow" | "deny";
  /** null: the lowest free one of 10, 20, 30 … */
  readonly number: number | null;
  readonly traffic: TrafficOptions;
}

export const addEntry = (named: Named, options: EntryOptions): Edit => (doc) => {
  const found = find(doc, "network-acl", named);
  if (!found.ok) return found;
  const acl = found.value;
  const traffic = readTraffic(options.traffic);
  if (!traffic.ok) return traffic;
  const { peer, direction, protocol, ports } = traffic.value;
  const cidr = /^[0-9.]+$/.test(peer) ? `${peer}/32` : peer;
  const content = { direction, action: options.action, protocol, ports, cidr };
  const same = acl.entries.find((entry) => describe(entry) === describe({ ...content, number: 0 }) && (options.number ?? entry.number) === entry.number);
  if (same) return NO_CHANGE;
  const entry: NetworkAclEntry = { ...content, number: options.number ?? freeNumber(acl, direction) };
  const taken = acl.entries.find((other) => other.direction === direction && other.number === entry.number);
  if (taken) return refuse("CONFLICT", `“${acl.name}” has an ${direction} entry ${entry.number} already: ${describeEntry(taken)}; remove it first, or take another number.`);
  return ok({ op: "update", kind: "network-acl", id: acl.id, set: { entries: [...acl.entries, entry] } });
};

const describe = (entry: NetworkAclEntry): string => `${entry.direction} ${describeEntry(entry)}`;

const STEP = 10;

function freeNumber(acl: NetworkAcl, direction: Direction): number {
  const taken = new Set(acl.entries.filter((entry) => entry.direction === direction).map(({ number }) => number));
  let number = STEP;
  while (taken.has(number)) number += STEP;
  return number;
}

export const removeEntry = (named: Named, at: { readonly direction: Direction; readonly number: number }, ifExists: boolean): Edit => (doc) => {
  const found = find(doc, "network-acl", named);
  if (!found.ok) return found;
  const acl = found.value;
  const entries = acl.entries.filter((entry) => !(entry.direction === at.direction && entry.number === at.number));
  if (entries.length < acl.entries.length) return ok({ op: "update", kind: "network-acl", id: acl.id, set: { entries } });
  if (ifExists) return NO_CHANGE;
  const there = acl.entries.filter(({ direction }) => direction === at.direction).map(({ number }) => number).join(", ");
  return refuse("NOT_FOUND", `“${acl.name}” has no ${at.direction} entry ${at.number}; it has ${there || "none"}.`);
};
