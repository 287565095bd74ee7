import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { ok } from "@vpclab/shared/errors/result";
import { kindWord } from "@vpclab/shared/topology/diff";
import { routeTableOf } from "@vpclab/shared/topology/effective";
import { findAnyByName } from "@vpclab/shared/topology/find-by-name";
import { newRouteTable } from "@vpclab/shared/topology/new-object";
import type { DrawnRoute, RouteTable, Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { alreadyThere, NO_CHANGE, random, refuse, type Edit } from "./edit";
import { find, placeInVpc, type Named } from "./place";

/** A route table by its own name, or as the one of a subnet. */
export interface TableName {
  readonly table: string | null;
  readonly subnet: string | null;
  readonly vpc: string | null;
}

export function findTable(doc: Topology, { table, subnet, vpc }: TableName): Result<RouteTable, Issue[]> {
  if (table !== null) return find(doc, "route-table", { name: table, vpc });
  if (subnet === null) return refuse("SCHEMA", "Which route table? Add --table <vpc>/<table>, or --subnet <vpc>/<subnet> for that subnet's.");
  const found = find(doc, "subnet", { name: subnet, vpc });
  return found.ok ? ok(routeTableOf(indexTopology(doc), found.value)) : found;
}

export const createRouteTable = (named: Omit<Named, "name"> & { readonly name: string | null }): Edit => (doc) => {
  const place = placeInVpc(doc, "route table", named);
  if (!place.ok) return place;
  const { vpc, name } = place.value;
  const existing = indexTopology(doc).routeTablesOfVpc(vpc.id).find((table) => table.name === name);
  if (existing) return alreadyThere(`Route table “${vpc.name}/${existing.name}”`, []);
  return ok(newRouteTable(doc, vpc.id, random, name ?? undefined).command);
};

export interface RouteOptions extends TableName {
  readonly destination: string;
  /** A gateway, peering or instance by name or id; `igw`: the VPC's internet gateway. */
  readonly via: string;
  /** Another target for a destination that has one. */
  readonly replace: boolean;
}

export const addRoute = (options: RouteOptions): Edit => (doc) => {
  const found = findTable(doc, options);
  if (!found.ok) return found;
  const table = found.value;
  const target = findTarget(doc, options.via, table.vpcId);
  if (!target.ok) return target;
  const there = table.routes.find(({ destination }) => destination === options.destination);
  if (there?.target.id === target.value.id) return NO_CHANGE;
  if (there && there.target.kind !== "gone" && !options.replace) {
    return refuse("CONFLICT", `Table “${table.name}” leads ${options.destination} to ${describeTarget(doc, there)}, not to “${options.via}”; add --replace to change that.`);
  }
  const route: DrawnRoute = { destination: options.destination, target: target.value };
  const routes = there ? table.routes.map((other) => (other === there ? route : other)) : [...table.routes, route];
  return ok({ op: "update", kind: "route-table", id: table.id, set: { routes } });
};

const TARGETS = ["internet-gateway", "nat-gateway", "peering", "instance"] as const;

function findTarget(doc: Topology, via: string, vpcId: string): Result<DrawnRoute["target"], Issue[]> {
  if (via === "igw") {
    const gateway = indexTopology(doc).gatewayOfVpc(vpcId);
    if (gateway) return ok({ kind: "internet-gateway", id: gateway.id });
    const name = doc.vpcs.find((vpc) => vpc.id === vpcId)?.name ?? "?";
    return refuse("NOT_FOUND", `“${name}” has no internet gateway: vpcctl igw create --vpc ${name} makes one.`);
  }
  const found = findAnyByName(doc, TARGETS, via, vpcId);
  if (!found.ok) return found;
  const kind = TARGETS.find((target) => target === found.value.kind) ?? "instance";
  return ok({ kind, id: found.value.object.id });
}

/** e.g. `internet gateway “prod-igw”`, `blackhole (igw-… is gone)`. */
export function describeTarget(doc: Topology, { target }: DrawnRoute): string {
  if (target.kind === "gone") return `blackhole (${target.id} is gone)`;
  const found = findAnyByName(doc, [target.kind], target.id);
  return `${kindWord(target.kind)} “${found.ok ? found.value.path : target.id}”`;
}

export const deleteRoute = (named: TableName, destination: string, ifExists: boolean): Edit => (doc) => {
  const found = findTable(doc, named);
  if (!found.ok) return found;
  const routes = found.value.routes.filter((route) => route.destination !== destination);
  if (routes.length < found.value.routes.length) return ok({ op: "update", kind: "route-table", id: found.value.id, set: { routes } });
  if (ifExists) return NO_CHANGE;
  const there = found.value.routes.map((route) => route.destination).join(", ");
  return refuse("NOT_FOUND", `Table “${found.value.name}” has no route for ${destination}${there ? `; it has ${there}` : ": it has none but the VPC's own"}.`);
};
