import { AppError } from "@vpclab/shared/errors/app-error";
import { instanceNamespace, natGatewayNamespace, routerNamespace } from "@vpclab/shared/net/namespace-name";
import type { Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";

/** Namespace of an instance, a NAT gateway or (its router's) of a VPC. Throws NOT_FOUND for anything else. */
export function namespaceOf(doc: Topology, topologyName: string, id: string): string {
  const index = indexTopology(doc);
  const vpc = index.vpcById.get(id);
  if (vpc) return routerNamespace(topologyName, vpc.name);
  const [instance, gateway] = [index.instanceById.get(id), index.natGatewayById.get(id)];
  const subnet = index.subnetById.get((instance ?? gateway)?.subnetId ?? "");
  const around = index.vpcById.get(subnet?.vpcId ?? "");
  if (subnet && around && instance) return instanceNamespace(topologyName, around.name, subnet.name, instance.name);
  if (subnet && around && gateway) return natGatewayNamespace(topologyName, around.name, subnet.name, gateway.name);
  throw new AppError("NOT_FOUND", `${id} has no network namespace of its own.`);
}
