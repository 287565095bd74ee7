import { ok } from "@vpclab/shared/errors/result";
import { newVpc } from "@vpclab/shared/topology/new-object";
import { alreadyThere, NO_CHANGE, onOff, random, type Edit } from "./edit";
import { find } from "./place";

export interface VpcOptions {
  /** null: the next free one. */
  readonly name: string | null;
  readonly cidr: string | null;
  readonly reachableFromHost: boolean | null;
  readonly dns: boolean | null;
}

/** `reachableByDefault`: where the switch is not named, as the older tools had it. */
export const createVpc = (options: VpcOptions, { reachableByDefault = false } = {}): Edit => (doc) => {
  const existing = doc.vpcs.find((vpc) => vpc.name === options.name);
  if (existing) {
    return alreadyThere(`VPC “${existing.name}”`, [
      ["CIDR", existing.cidr, options.cidr],
      ["reachable-from-host", onOff(existing.reachableFromHost) ?? "", onOff(options.reachableFromHost)],
      ["dns", onOff(existing.dnsSupport) ?? "", onOff(options.dns)],
    ]);
  }
  const made = newVpc(doc, random, {
    name: options.name ?? undefined,
    cidr: options.cidr ?? undefined,
    reachableFromHost: options.reachableFromHost ?? reachableByDefault,
    dnsSupport: options.dns ?? true,
  });
  return made.ok ? ok(made.value.command) : made;
};

export interface VpcChange {
  readonly newName: string | null;
  readonly cidr: string | null;
  readonly reachableFromHost: boolean | null;
  readonly dns: boolean | null;
}

export const setVpc = (name: string, change: VpcChange): Edit => (doc) => {
  const vpc = find(doc, "vpc", { name });
  if (!vpc.ok) return vpc;
  const set = changed(vpc.value, {
    name: change.newName, cidr: change.cidr, reachableFromHost: change.reachableFromHost, dnsSupport: change.dns,
  });
  return set === null ? NO_CHANGE : ok({ op: "update", kind: "vpc", id: vpc.value.id, set });
};

/** The wishes (null: none) that differ from what is there; null where none does. */
export function changed<T extends object>(existing: T, wishes: { readonly [K in keyof T]?: T[K] | null | undefined }): Partial<T> | null {
  const set: Partial<T> = {};
  for (const key of Object.keys(wishes) as (keyof T)[]) {
    const wish = wishes[key];
    if (wish !== null && wish !== undefined && JSON.stringify(wish) !== JSON.stringify(existing[key])) set[key] = wish as T[keyof T];
  }
  return Object.keys(set).length === 0 ? null : set;
}
