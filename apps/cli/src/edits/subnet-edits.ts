import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { ok } from "@vpclab/shared/errors/result";
import { nextName } from "@vpclab/shared/topology/allocate";
import type { SingleCommand } from "@vpclab/shared/topology/edit-command";
import { routeTableOf } from "@vpclab/shared/topology/effective";
import { newId } from "@vpclab/shared/topology/ids";
import { newSubnet, setSubnetType } from "@vpclab/shared/topology/new-object";
import { EVERYWHERE } from "@vpclab/shared/topology/subnet-routing";
import { subnetType, type SubnetType } from "@vpclab/shared/topology/subnet-type";
import type { RouteTable, Subnet, Topology, Vpc } from "@vpclab/shared/topology/topology";
import { indexTopology, type TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { alreadyThere, commandsOf, NO_CHANGE, random, together, type Edit } from "./edit";
import { find, placeInVpc, subnetPath, type Named } from "./place";
import { changed } from "./vpc-edits";

/** `waiting`: public, but without a way out until the VPC gets its internet gateway (`nat enable`), as S1's tool has it. */
export type WantedType = SubnetType | "waiting";

export interface SubnetOptions {
  /** `<vpc>/<name>`, or the name alone with `vpc`; null: the next free name. */
  readonly name: string | null;
  readonly vpc: string | null;
  readonly cidr: string | null;
  readonly type: WantedType | null;
}

export const createSubnet = (options: SubnetOptions): Edit => (doc) => {
  const place = placeInVpc(doc, "subnet", options);
  if (!place.ok) return place;
  const { vpc, name } = place.value;
  const index = indexTopology(doc);
  const existing = index.subnetsOfVpc(vpc.id).find((subnet) => subnet.name === name);
  if (existing) {
    return alreadyThere(`Subnet “${subnetPath(doc, existing)}”`, [
      ["CIDR", existing.cidr, options.cidr],
      ["type", typeOf(index, existing), options.type === "waiting" ? "public" : options.type],
    ]);
  }
  // With a gateway there already is nothing to wait for.
  const waits = options.type === "waiting" && !index.gatewayOfVpc(vpc.id);
  const type = options.type === "waiting" && !waits ? "public" : options.type === "public" ? "public" : "private";
  const made = newSubnet(doc, vpc.id, { type, name: name ?? undefined, cidr: options.cidr ?? undefined }, random);
  if (!made.ok) return made;
  return waits ? ok(together(inWaitingTable(doc, vpc, commandsOf(made.value.command)))) : ok(made.value.command);
};

/** Public as people see it: it has a way to the internet, or waits for the gateway. */
export const typeOf = (index: TopologyIndex, subnet: Subnet): SubnetType => (waitsForGateway(index, subnet) ? "public" : subnetType(index, subnet));

export const waitsForGateway = (index: TopologyIndex, subnet: Subnet): boolean => isWaiting(routeTableOf(index, subnet));

const isWaiting = (table: RouteTable): boolean =>
  table.routes.some(({ destination, target }) => destination === EVERYWHERE && target.kind === "gone" && target.id.startsWith("igw-"));

/** The new subnet in a table whose way out leads to a gateway that is not there yet; the gateway takes such routes over. */
function inWaitingTable(doc: Topology, vpc: Vpc, commands: readonly SingleCommand[]): SingleCommand[] {
  const tables = indexTopology(doc).routeTablesOfVpc(vpc.id);
  const there = tables.find(isWaiting);
  const id = there?.id ?? newId("route-table", random);
  const main = tables.find((table) => table.id === vpc.mainRouteTableId);
  const table: RouteTable = {
    id, vpcId: vpc.id, name: nextName(tables.map(({ name }) => name), "public", { bareFirst: true }),
    routes: [
      ...(main?.routes ?? []).filter(({ destination }) => destination !== EVERYWHERE),
      { destination: EVERYWHERE, target: { kind: "gone", id: newId("internet-gateway", random) } },
    ],
  };
  return [
    ...(there ? [] : [{ op: "create", kind: "route-table", object: table } as const]),
    ...commands.map((command): SingleCommand => command.op === "create" && command.kind === "subnet"
      ? { ...command, object: { ...command.object, routeTableId: id, autoAssignPublicAddress: true } }
      : command),
  ];
}

export interface SubnetChange {
  readonly type: SubnetType | null;
  readonly newName: string | null;
  readonly cidr: string | null;
  readonly routeTable: string | null;
  readonly networkAcl: string | null;
  readonly autoAssignPublicAddress: boolean | null;
}

export const setSubnet = (named: Named, change: SubnetChange): Edit => (doc) => {
  const found = find(doc, "subnet", named);
  if (!found.ok) return found;
  const subnet = found.value;
  const turned = change.type === null || change.type === subnetType(indexTopology(doc), subnet)
    ? [] : commandsOf(setSubnetType(doc, subnet.id, change.type, random));
  const links = linksOf(doc, subnet, change);
  if (!links.ok) return links;
  const set = changed(subnet, { name: change.newName, cidr: change.cidr, autoAssignPublicAddress: change.autoAssignPublicAddress });
  const all = { ...set, ...links.value };
  if (turned.length === 0 && Object.keys(all).length === 0) return NO_CHANGE;
  return ok(together([...turned, ...(Object.keys(all).length > 0 ? [{ op: "update", kind: "subnet", id: subnet.id, set: all } as const] : [])]));
};

/** `main` and `default` mean the VPC's own, which the drawing says by naming none. */
function linksOf(doc: Topology, subnet: Subnet, change: SubnetChange): Result<Partial<Subnet>, Issue[]> {
  const vpc = indexTopology(doc).vpcById.get(subnet.vpcId);
  const set: Partial<Subnet> = {};
  if (change.routeTable !== null) {
    const table = find(doc, "route-table", { name: change.routeTable, vpc: subnet.vpcId });
    if (!table.ok) return table;
    const routeTableId = table.value.id === vpc?.mainRouteTableId ? null : table.value.id;
    if (routeTableId !== subnet.routeTableId) set.routeTableId = routeTableId;
  }
  if (change.networkAcl !== null) {
    const acl = find(doc, "network-acl", { name: change.networkAcl, vpc: subnet.vpcId });
    if (!acl.ok) return acl;
    const networkAclId = acl.value.id === vpc?.defaultNetworkAclId ? null : acl.value.id;
    if (networkAclId !== subnet.networkAclId) set.networkAclId = networkAclId;
  }
  return ok(set);
}
