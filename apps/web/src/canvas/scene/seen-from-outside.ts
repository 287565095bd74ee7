import { ownersOfPublicAddresses } from "@vpclab/shared/topology/effective";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";

/** Ids of instances and NAT gateways that are drawn with a public address, or with a port of the host. */
export function seenFromOutside(document: Topology, index: TopologyIndex): string[] {
  const addressed = ownersOfPublicAddresses(document, index).flatMap((id) => (index.instanceById.has(id) ? [id] : index.elasticIpById.get(id)?.target?.id ?? []));
  const published = document.instances.filter(({ publishedPorts }) => publishedPorts.length > 0).map(({ id }) => id);
  return [...new Set([...addressed, ...published])];
}
