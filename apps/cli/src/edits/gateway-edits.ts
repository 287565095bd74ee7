import { ok } from "@vpclab/shared/errors/result";
import type { SingleCommand } from "@vpclab/shared/topology/edit-command";
import { newInternetGateway, newNatGateway, setSubnetType } from "@vpclab/shared/topology/new-object";
import { subnetType } from "@vpclab/shared/topology/subnet-type";

import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { alreadyThere, inSteps, NO_CHANGE, random, together, type Edit } from "./edit";
import { find, placeInSubnet, subnetPath, type Named } from "./place";

/** Routes that wait for a gateway, or had one, lead to it. */
export const createInternetGateway = (vpc: string, name: string | null): Edit => (doc) => {
  const found = find(doc, "vpc", { name: vpc });
  if (!found.ok) return found;
  const existing = indexTopology(doc).gatewayOfVpc(found.value.id);
  if (existing) return alreadyThere(`The internet gateway of “${found.value.name}”`, [["name", existing.name, name]]);
  const { id, command } = newInternetGateway(doc, found.value.id, random);
  if (name === null) return ok(command);
  return ok(together([...(command.op === "batch" ? command.commands : [command]), { op: "update", kind: "internet-gateway", id, set: { name } }]));
};

export interface NatGatewayOptions {
  readonly name: string | null;
  readonly vpc: string | null;
  readonly subnet: string | null;
  readonly address: string | null;
}

/** In a public subnet, with an Elastic IP of its own. `--subnet` alone is enough: the name is derived. */
export const createNatGateway = (options: NatGatewayOptions): Edit => (doc) => {
  const place = placeInSubnet(doc, "NAT gateway", options);
  if (!place.ok) return place;
  const { subnet, name } = place.value;
  const existing = indexTopology(doc).natGatewaysOfSubnet(subnet.id).find((gateway) => gateway.name === name);
  if (existing) return alreadyThere(`NAT gateway “${subnetPath(doc, subnet)}/${existing.name}”`, [["address", existing.address, options.address]]);
  const made = newNatGateway(doc, subnet.id, random, { name: name ?? undefined, address: options.address ?? undefined });
  return made.ok ? ok(made.value.command) : made;
};

/** `subnets` are to have internet; `waiting`: those of the VPC that were called public before it had a gateway. */
export interface NatOptions {
  readonly vpc: string;
  readonly subnets: "waiting" | "all" | readonly string[];
}

/** Internet for public subnets, as the older tools say it. */
export const enableNat = ({ vpc, subnets }: NatOptions): Edit => (doc) => {
  const found = find(doc, "vpc", { name: vpc });
  if (!found.ok) return found;
  const gateway: Edit = (document) => (indexTopology(document).gatewayOfVpc(found.value.id) ? NO_CHANGE : createInternetGateway(vpc, null)(document));
  const names = subnets === "waiting" ? [] : subnets === "all" ? indexTopology(doc).subnetsOfVpc(found.value.id).map(({ name }) => name) : subnets;
  return inSteps(gateway, leadToGateway(found.value.id), ...names.map((name) => makePublic({ name, vpc })))(doc);
};

const makePublic = (named: Named): Edit => (doc) => {
  const subnet = find(doc, "subnet", named);
  if (!subnet.ok) return subnet;
  if (subnetType(indexTopology(doc), subnet.value) === "public") return NO_CHANGE;
  return ok(setSubnetType(doc, subnet.value.id, "public", random));
};

/** Routes of the VPC to a gateway that is not there lead to the one that is. */
const leadToGateway = (vpcId: string): Edit => (doc) => {
  const index = indexTopology(doc);
  const gateway = index.gatewayOfVpc(vpcId);
  if (!gateway) return NO_CHANGE;
  return ok(together(index.routeTablesOfVpc(vpcId).flatMap((table): SingleCommand[] => {
    const routes = table.routes.map((route) => route.target.kind === "gone" && route.target.id.startsWith("igw-")
      ? { ...route, target: { kind: "internet-gateway" as const, id: gateway.id } } : route);
    return routes.some((route, i) => route !== table.routes[i]) ? [{ op: "update", kind: "route-table", id: table.id, set: { routes } }] : [];
  })));
};

/** No internet any more: for one subnet, or for the VPC (its routes wait for the next gateway). */
export const disableNat = (vpc: string, subnet: string | null): Edit => (doc) => {
  const found = find(doc, "vpc", { name: vpc });
  if (!found.ok) return found;
  if (subnet !== null) {
    const inside = find(doc, "subnet", { name: subnet, vpc });
    if (!inside.ok) return inside;
    if (subnetType(indexTopology(doc), inside.value) === "private") return NO_CHANGE;
    return ok(setSubnetType(doc, inside.value.id, "private", random));
  }
  const gateway = indexTopology(doc).gatewayOfVpc(found.value.id);
  return gateway ? ok({ op: "delete", id: gateway.id }) : NO_CHANGE;
};

