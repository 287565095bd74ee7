import { subnetType } from "@vpclab/shared/topology/subnet-type";
import type { ObjectKind, Subnet } from "@vpclab/shared/topology/topology";
import { byName } from "../../canvas/scene/object-name";
import { HOST_ID, type Scene } from "../../canvas/scene/scene";
import type { ListedKind } from "../kind-icon";

/** One line of the outline. */
export interface OutlineRow {
  /** Of the object, or of the heading that it is. */
  readonly id: string;
  readonly kind: ListedKind | null;
  readonly label: string;
  /** Address or CIDR; of a heading, how many. */
  readonly note: string;
  readonly isPublic: boolean;
  /** From 1, as a tree counts. */
  readonly level: number;
  /** null: there is nothing in it. */
  readonly expanded: boolean | null;
  readonly parentId: string | null;
  /** Place among its siblings, from 1, and how many they are. */
  readonly position: number;
  readonly siblings: number;
}

interface Branch {
  readonly id: string;
  readonly kind: ListedKind | null;
  readonly label: string;
  readonly note: string;
  readonly isPublic?: boolean;
  readonly branches?: readonly Branch[];
}

/** The whole drawing as the lines of a tree, the host first, without those in closed branches. `turned` has the ids that differ from how they begin. */
export function outlineRows(scene: Scene, turned: ReadonlySet<string>, hostName: string | null): readonly OutlineRow[] {
  const rows: OutlineRow[] = [];
  const walk = (branches: readonly Branch[], level: number, parentId: string | null) => {
    for (const [at, { id, kind, label, note, isPublic = false, branches: inner = [] }] of branches.entries()) {
      const expanded = inner.length === 0 ? null : beginsOpen(id) !== turned.has(id);
      rows.push({ id, kind, label, note, isPublic, level, expanded, parentId, position: at + 1, siblings: branches.length });
      if (expanded) walk(inner, level + 1, id);
    }
  };
  walk([{ id: HOST_ID, kind: "host", label: "Host", note: hostName ?? "none yet" }, ...trunk(scene)], 1, null);
  return rows;
}

/** VPCs and subnets begin open, tables, groups and ACLs closed. */
const beginsOpen = (id: string): boolean => !id.includes("/") || id === PEERINGS;
const PEERINGS = "outline/peerings";

/** Every branch that must be open for an object to be seen, from the outside in. */
export function branchesTo(scene: Scene, id: string): readonly string[] {
  const find = (branches: readonly Branch[]): readonly string[] | null => {
    for (const branch of branches) {
      if (branch.id === id) return [];
      const inner = find(branch.branches ?? []);
      if (inner) return [branch.id, ...inner];
    }
    return null;
  };
  return find(trunk(scene)) ?? [];
}

export const opens = (id: string, turned: ReadonlySet<string>): boolean => beginsOpen(id) !== turned.has(id);

function trunk({ document, index }: Scene): readonly Branch[] {
  const heading = (id: string, label: string, branches: readonly Branch[]): readonly Branch[] =>
    branches.length === 0 ? [] : [{ id, kind: null, label, note: String(branches.length), branches }];
  const named = (kind: ObjectKind, objects: readonly { readonly id: string; readonly name: string }[]): readonly Branch[] =>
    [...objects].sort(byName).map(({ id, name }) => ({ id, kind, label: name, note: "" }));
  const vpcs = [...document.vpcs].sort(byName).map((vpc): Branch => {
    const gateway = index.gatewayOfVpc(vpc.id);
    const isPrivate = (subnet: Subnet) => Number(subnetType(index, subnet) === "private");
    // As on the canvas, where public is nearer to the internet.
    const subnets = [...index.subnetsOfVpc(vpc.id)].sort((a, b) => isPrivate(a) - isPrivate(b) || byName(a, b)).map((subnet): Branch => ({
      id: subnet.id, kind: "subnet", label: subnet.name, note: subnet.cidr, isPublic: subnetType(index, subnet) === "public",
      branches: [
        ...[...index.instancesOfSubnet(subnet.id)].sort(byName).map(({ id, name, address }): Branch => ({ id, kind: "instance", label: name, note: address })),
        ...[...index.natGatewaysOfSubnet(subnet.id)].sort(byName).map(({ id, name, address }): Branch => ({ id, kind: "nat-gateway", label: name, note: address })),
      ],
    }));
    return {
      id: vpc.id, kind: "vpc", label: vpc.name, note: vpc.cidr,
      branches: [
        ...(gateway ? named("internet-gateway", [gateway]) : []), ...subnets,
        ...heading(`${vpc.id}/tables`, "Route tables", named("route-table", index.routeTablesOfVpc(vpc.id))),
        ...heading(`${vpc.id}/groups`, "Security groups", named("security-group", index.groupsOfVpc(vpc.id))),
        ...heading(`${vpc.id}/acls`, "Network ACLs", named("network-acl", index.networkAclsOfVpc(vpc.id))),
      ],
    };
  });
  return [...vpcs, ...heading(PEERINGS, "Peerings", named("peering", document.peerings)), ...heading("outline/elastic-ips", "Elastic IPs", named("elastic-ip", document.elasticIps))];
}
