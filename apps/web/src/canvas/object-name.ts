import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";

/** An object's name with its place, as a person would say it: `vpc1`, `vpc1/public`, `vpc1/public/main`. Null when it is gone. */
export function objectName(index: TopologyIndex, id: string): string | null {
  const subnet = index.subnetById.get(id);
  if (subnet) return `${index.vpcById.get(subnet.vpcId)?.name ?? "?"}/${subnet.name}`;
  const instance = index.instanceById.get(id);
  if (instance) return `${objectName(index, instance.subnetId) ?? "?"}/${instance.name}`;
  return (index.vpcById.get(id) ?? index.gatewayById.get(id) ?? index.peeringById.get(id))?.name ?? null;
}
