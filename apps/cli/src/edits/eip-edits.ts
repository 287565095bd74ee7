import { ok } from "@vpclab/shared/errors/result";
import { findAnyByName } from "@vpclab/shared/topology/find-by-name";
import { associateElasticIp, newElasticIp } from "@vpclab/shared/topology/new-object";
import { alreadyThere, NO_CHANGE, random, type Edit } from "./edit";
import { find } from "./place";

export const createElasticIp = (name: string | null): Edit => (doc) => {
  const existing = doc.elasticIps.find((ip) => ip.name === name);
  if (existing) return alreadyThere(`Elastic IP “${existing.name}”`, []);
  return ok(newElasticIp(doc, random, name ?? undefined).command);
};

/** With an instance or a NAT gateway; the one that it had before is set free, and so is the target's. */
export const associate = (name: string, target: string): Edit => (doc) => {
  const found = find(doc, "elastic-ip", { name });
  if (!found.ok) return found;
  const owner = findAnyByName(doc, ["instance", "nat-gateway"], target);
  if (!owner.ok) return owner;
  const { id } = owner.value.object;
  if (found.value.target?.id === id) return NO_CHANGE;
  const kind = owner.value.kind === "instance" ? "instance" : "nat-gateway";
  return ok(associateElasticIp(doc, found.value.id, { kind, id }));
};

export const disassociate = (name: string): Edit => (doc) => {
  const found = find(doc, "elastic-ip", { name });
  if (!found.ok) return found;
  return found.value.target === null ? NO_CHANGE : ok(associateElasticIp(doc, found.value.id, null));
};
