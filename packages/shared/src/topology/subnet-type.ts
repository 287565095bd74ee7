import { routeTableOf } from "./effective";
import type { RouteTable, Subnet } from "./topology";
import type { TopologyIndex } from "./topology-index";

export type SubnetType = "public" | "private";

/** AWS: public is a subnet whose route table has a route to an internet gateway; nothing else makes it so. */
export const subnetType = (index: TopologyIndex, subnet: Subnet): SubnetType =>
  leadsToInternetGateway(routeTableOf(index, subnet)) ? "public" : "private";

export const leadsToInternetGateway = (table: RouteTable): boolean =>
  table.routes.some((route) => route.target.kind === "internet-gateway");
