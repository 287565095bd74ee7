import { MAIN_INSTANCE_NAME } from "@vpclab/shared/net/namespace-name";
import type { ObjectKind } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";

/** An object's name with its place, as a person would say it: `vpc1`, `vpc1/public`, `vpc1/public/main`. Null when it is gone. */
export function objectName(index: TopologyIndex, id: string): string | null {
  const subnet = index.subnetById.get(id);
  if (subnet) return `${index.vpcById.get(subnet.vpcId)?.name ?? "?"}/${subnet.name}`;
  const card = index.instanceById.get(id) ?? index.natGatewayById.get(id);
  if (card) return `${objectName(index, card.subnetId) ?? "?"}/${card.name}`;
  const owned = index.routeTableById.get(id) ?? index.groupById.get(id) ?? index.networkAclById.get(id);
  if (owned) return `${index.vpcById.get(owned.vpcId)?.name ?? "?"}/${owned.name}`;
  return (index.vpcById.get(id) ?? index.gatewayById.get(id) ?? index.peeringById.get(id) ?? index.elasticIpById.get(id))?.name ?? null;
}

/** What an object is called in `data-object` and in tests: `<kind>:<name with its place>`; subnets go by their name alone. */
export function objectKey(index: TopologyIndex, kind: ObjectKind, id: string): string {
  return `${kind}:${index.subnetById.get(id)?.name ?? objectName(index, id) ?? id}`;
}

/** The order in which a person would list them: main first, i2 before i10. Documents are kept in order of id, which says nothing. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  const main = Number(b.name === MAIN_INSTANCE_NAME) - Number(a.name === MAIN_INSTANCE_NAME);
  return main || a.name.localeCompare(b.name, "en", { numeric: true });
}
