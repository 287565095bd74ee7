import type { Topology } from "../topology/topology";

/**
 * Ids of the objects that hold an address of the host's pool: every Elastic IP, associated or not, and the instances that
 * get one by themselves. An Elastic IP takes the place of the address that its instance would have got (AWS).
 */
export function publicAddressOwners(doc: Topology): string[] {
  const assigning = new Set(doc.subnets.filter((subnet) => subnet.autoAssignPublicAddress).map((subnet) => subnet.id));
  const elastic = new Set(doc.elasticIps.flatMap(({ target }) => (target?.kind === "instance" ? [target.id] : [])));
  return [
    ...doc.elasticIps.map((elasticIp) => elasticIp.id),
    ...doc.instances.filter(({ id, subnetId }) => assigning.has(subnetId) && !elastic.has(id)).map(({ id }) => id),
  ];
}

/** Public address of an instance or NAT gateway: its Elastic IP's, else its own; null when it has none. */
export function publicAddressOf(doc: Topology, addresses: Readonly<Record<string, string>>, targetId: string): string | null {
  const elasticIp = doc.elasticIps.find(({ target }) => target?.id === targetId);
  return addresses[elasticIp?.id ?? targetId] ?? null;
}
