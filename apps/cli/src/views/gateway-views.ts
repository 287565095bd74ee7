import { natGatewayNamespace } from "@vpclab/shared/net/namespace-name";
import type { NatGateway, Peering } from "@vpclab/shared/topology/topology";
import { publicAddressOf } from "./network-views";
import { columns, DASH, joined, type View, type ViewContext } from "./view";

export const internetGatewayView: View<"internet-gateway"> = {
  columns: columns("VPC", "ROUTED SUBNETS"),
  row: (gateway, context) => [vpcName(context, gateway.vpcId), joined(routedSubnets(gateway.id, context))],
  json: (gateway, context) => ({ vpc: vpcName(context, gateway.vpcId), routedSubnets: routedSubnets(gateway.id, context) }),
};

/** Subnets whose table leads to the gateway. */
export function routedSubnets(targetId: string, { doc, index }: ViewContext): string[] {
  const tables = new Set(doc.routeTables.filter(({ routes }) => routes.some(({ target }) => target.id === targetId)).map(({ id }) => id));
  return doc.subnets
    .filter((subnet) => tables.has(subnet.routeTableId ?? index.vpcById.get(subnet.vpcId)?.mainRouteTableId ?? ""))
    .map((subnet) => `${index.vpcById.get(subnet.vpcId)?.name ?? "?"}/${subnet.name}`).sort();
}

const vpcName = ({ index }: ViewContext, id: string): string => index.vpcById.get(id)?.name ?? DASH;

export const natGatewayView: View<"nat-gateway"> = {
  columns: columns("NAMESPACE", "ADDRESS", "PUBLIC", "ROUTED SUBNETS"),
  row: (gateway, context) => [namespaceOf(gateway, context), gateway.address, publicAddressOf(gateway, context) ?? DASH, joined(routedSubnets(gateway.id, context))],
  json: (gateway, context) => ({ namespace: namespaceOf(gateway, context), publicAddress: publicAddressOf(gateway, context), routedSubnets: routedSubnets(gateway.id, context) }),
};

function namespaceOf(gateway: NatGateway, { index, topologyName }: ViewContext): string {
  const subnet = index.subnetById.get(gateway.subnetId);
  return natGatewayNamespace(topologyName, index.vpcById.get(subnet?.vpcId ?? "")?.name ?? "?", subnet?.name ?? "?", gateway.name);
}

export const elasticIpView: View<"elastic-ip"> = {
  columns: columns("PUBLIC", "ASSOCIATED WITH"),
  row: ({ id, target }, { deployment, doc }) => [deployment.publicAddresses[id] ?? DASH, target ? targetName(target.id, doc) : DASH],
  json: ({ id, target }, { deployment, doc }) => ({ publicAddress: deployment.publicAddresses[id] ?? null, associatedWith: target ? targetName(target.id, doc) : null }),
};

function targetName(id: string, doc: ViewContext["doc"]): string {
  const owner = doc.instances.find((instance) => instance.id === id) ?? doc.natGateways.find((gateway) => gateway.id === id);
  const subnet = doc.subnets.find((candidate) => candidate.id === owner?.subnetId);
  const vpc = doc.vpcs.find((candidate) => candidate.id === subnet?.vpcId);
  return owner ? `${vpc?.name ?? "?"}/${subnet?.name ?? "?"}/${owner.name}` : id;
}

export const peeringView: View<"peering"> = {
  columns: columns("REQUESTER", "ACCEPTER", "STATUS", "ROUTES #"),
  row: (peering, context) => [endText(peering, "requester", context), endText(peering, "accepter", context), peering.status, String(routesBy(peering.id, context).length)],
  json: (peering, context) => ({ requester: endText(peering, "requester", context), accepter: endText(peering, "accepter", context), routes: routesBy(peering.id, context) }),
  sections: (peering, context) => [{
    title: "Routes", columns: columns("TABLE", "DESTINATION"), rows: routesBy(peering.id, context).map(({ table, destination }) => [table, destination]),
  }],
};

function endText(peering: Peering, side: "requester" | "accepter", { index }: ViewContext): string {
  const { remote } = peering;
  if (remote?.side === side) return `${remote.vpcName} ${remote.cidr} (topology ${remote.topologyName})`;
  const vpc = index.vpcById.get(side === "requester" ? peering.requesterVpcId : peering.accepterVpcId);
  return vpc ? `${vpc.name} ${vpc.cidr}` : DASH;
}

const routesBy = (targetId: string, context: ViewContext): { table: string; destination: string }[] =>
  context.doc.routeTables.flatMap((table) => table.routes
    .filter(({ target }) => target.id === targetId)
    .map(({ destination }) => ({ table: `${vpcName(context, table.vpcId)}/${table.name}`, destination })));
