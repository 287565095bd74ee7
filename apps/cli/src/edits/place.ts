import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { ok } from "@vpclab/shared/errors/result";
import { findByName } from "@vpclab/shared/topology/find-by-name";
import type { ObjectByKind, ObjectKind, Subnet, Topology, Vpc } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { refuse } from "./edit";

/** An object as a command line names it: a name or a path, and perhaps the VPC beside it (`--vpc prod --subnet public`). */
export interface Named {
  readonly name: string;
  readonly vpc?: string | null;
  readonly subnet?: string | null;
}

/** As `Named`, of an object that is not there yet; null: its name is derived. */
export type NewName = Omit<Named, "name"> & { readonly name: string | null };

/** The object of that kind. */
export function find<K extends ObjectKind>(doc: Topology, kind: K, { name, vpc, subnet }: Named): Result<ObjectByKind[K], Issue[]> {
  if (subnet) {
    const found = find(doc, "subnet", { name: subnet, vpc });
    if (!found.ok) return found;
    const { vpcById } = indexTopology(doc);
    return findByName(doc, kind, `${vpcById.get(found.value.vpcId)?.name ?? ""}/${found.value.name}/${name}`);
  }
  if (!vpc) return findByName(doc, kind, name);
  const inside = findByName(doc, "vpc", vpc);
  return inside.ok ? findByName(doc, kind, name, inside.value.id) : inside;
}

/** A new object's VPC and own name: `prod/web`, or `web` with the VPC beside it. */
export function placeInVpc(doc: Topology, what: string, { name, vpc }: NewName): Result<{ vpc: Vpc; name: string | null }, Issue[]> {
  const path = name?.split("/") ?? [];
  if (path.length > 2) return refuse("NAME_GRAMMAR", `“${name}” is no ${what}'s path: write <vpc>/<name>.`);
  const [vpcName, ownName] = path.length === 2 ? path : [vpc, name];
  if (!vpcName) return refuse("SCHEMA", `Which VPC is the ${what} in? Write <vpc>/<name>, or add --vpc <vpc>.`);
  if (vpc && vpc !== vpcName) return refuse("SCHEMA", `“${name}” is in ${vpcName}, but --vpc says ${vpc}: write one of them.`);
  const found = findByName(doc, "vpc", vpcName);
  return found.ok ? ok({ vpc: found.value, name: ownName ?? null }) : found;
}

/** A new object's subnet and own name: `prod/public/web`, or `web` with the subnet beside it. */
export function placeInSubnet(
  doc: Topology, what: string, { name, vpc, subnet }: NewName,
): Result<{ subnet: Subnet; name: string | null }, Issue[]> {
  const path = name?.split("/") ?? [];
  const place = path.length === 3 ? `${path[0]}/${path[1]}` : subnet;
  const ownName = path.length === 3 ? path[2] : name;
  if (!place || path.length === 2 || path.length > 3) {
    return refuse("SCHEMA", `Which subnet is the ${what} in? Write <vpc>/<subnet>/<name>, or add --subnet <vpc>/<subnet>.`);
  }
  const found = find(doc, "subnet", { name: place, vpc });
  return found.ok ? ok({ subnet: found.value, name: ownName ?? null }) : found;
}

/** `prod/public`. */
export const subnetPath = (doc: Topology, subnet: Subnet): string => `${doc.vpcs.find((vpc) => vpc.id === subnet.vpcId)?.name ?? "?"}/${subnet.name}`;
