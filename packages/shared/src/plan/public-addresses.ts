import type { Cidr } from "../net/cidr";
import { containsAddress, firstAddress, formatAddress, lastAddress, parseAddress } from "../net/cidr";
import { ownersOfPublicAddresses } from "../topology/effective";
import type { Topology } from "../topology/topology";
import { indexTopology } from "../topology/topology-index";

/** Ids of the objects that hold an address of the host's pool: Elastic IPs, and instances that get one by themselves. */
export const publicAddressOwners = (doc: Topology): string[] => ownersOfPublicAddresses(doc, indexTopology(doc));

/** Public address of an instance or NAT gateway: its Elastic IP's, else its own; null when it has none. */
export function publicAddressOf(doc: Topology, addresses: Readonly<Record<string, string>>, targetId: string): string | null {
  const elasticIp = doc.elasticIps.find(({ target }) => target?.id === targetId);
  return addresses[elasticIp?.id ?? targetId] ?? null;
}

/**
 * Addresses by key, e.g. `<topologyId>/<objectId>`. Keys keep their address while it lies in the pool, new ones get the
 * lowest free, in order; a key that nothing is left for is not in the answer. Network and broadcast address are not given.
 */
export function allocatePublicAddresses(
  pool: Cidr, existing: Readonly<Record<string, string>>, wanted: readonly string[],
): Record<string, string> {
  const inPool = (text: string): boolean => containsAddress(pool, parseAddress(text) ?? -1);
  const addresses = Object.fromEntries(Object.entries(existing).filter(([, address]) => inPool(address)));
  const used = new Set(Object.values(addresses));
  let next = firstAddress(pool) + 1;
  for (const key of wanted) {
    if (addresses[key] !== undefined) continue;
    while (used.has(formatAddress(next))) next++;
    if (next >= lastAddress(pool)) break;
    const address = formatAddress(next);
    addresses[key] = address;
    used.add(address);
  }
  return addresses;
}
