import { nextName } from "./allocate";
import { routeTableOf } from "./effective";
import type { SingleCommand } from "./edit-command";
import type { RandomBytes } from "./ids";
import { newId } from "./ids";
import { leadsToInternetGateway, type SubnetType } from "./subnet-type";
import type { RouteTable, Subnet, Topology } from "./topology";
import { indexTopology } from "./topology-index";

export const EVERYWHERE = "0.0.0.0/0";

/** An internet gateway for a VPC that has none. Routes to one that was deleted lead to the new one. */
export function gatewayCommands(doc: Topology, vpcId: string, random: RandomBytes): { id: string; commands: SingleCommand[]; tables: RouteTable[] } {
  const index = indexTopology(doc);
  const id = newId("internet-gateway", random);
  const name = nextName(doc.internetGateways.map((gateway) => gateway.name), `${index.vpcById.get(vpcId)?.name ?? "vpc"}-igw`, { bareFirst: true });
  const commands: SingleCommand[] = [{ op: "create", kind: "internet-gateway", object: { id, vpcId, name } }];
  const tables = index.routeTablesOfVpc(vpcId).map((table): RouteTable => {
    const routes = table.routes.map((route): RouteTable["routes"][number] =>
      route.target.kind === "gone" && route.target.id.startsWith("igw-") ? { ...route, target: { kind: "internet-gateway", id } } : route);
    if (routes.every((route, i) => route === table.routes[i])) return table;
    commands.push({ op: "update", kind: "route-table", id: table.id, set: { routes } });
    return { ...table, routes };
  });
  return { id, commands, tables };
}

/**
 * Which table makes a subnet of the VPC public or private (null: the VPC's main one by default), and the commands that it
 * takes. As little as possible changes: its own table where that is so already, else the main one, one by that name, any;
 * else a new one that is like its own but for the way to the internet. `subnet` null: one that is not there yet.
 */
export function tableForType(
  doc: Topology, vpcId: string, subnet: Subnet | null, type: SubnetType, random: RandomBytes,
): { routeTableId: string | null; commands: SingleCommand[] } {
  const index = indexTopology(doc);
  const gateway = index.gatewayOfVpc(vpcId);
  const made = type === "public" && !gateway ? gatewayCommands(doc, vpcId, random) : null;
  const tables = made?.tables ?? index.routeTablesOfVpc(vpcId);
  const commands = made?.commands ?? [];
  const mainId = index.vpcById.get(vpcId)?.mainRouteTableId;
  const currentId = subnet ? routeTableOf(index, subnet).id : mainId;
  const byPreference = [...tables.filter((t) => t.id === currentId), ...tables.filter((t) => t.id === mainId), ...tables.filter((t) => t.name === type), ...tables];
  const found = byPreference.find((table) => leadsToInternetGateway(table) === (type === "public"));
  if (found?.id === currentId && subnet) return { routeTableId: subnet.routeTableId, commands };
  if (found) return { routeTableId: found.id === mainId ? null : found.id, commands };
  const current = tables.find((table) => table.id === currentId);
  const routes = (current?.routes ?? []).filter((route) => route.destination !== EVERYWHERE && route.target.kind !== "internet-gateway");
  if (type === "public") routes.push({ destination: EVERYWHERE, target: { kind: "internet-gateway", id: made?.id ?? gateway?.id ?? "" } });
  const id = newId("route-table", random);
  const name = nextName(tables.map((table) => table.name), type, { bareFirst: true });
  return { routeTableId: id, commands: [...commands, { op: "create", kind: "route-table", object: { id, vpcId, name, routes } }] };
}
