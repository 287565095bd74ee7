import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import { publicAddressOwners } from "@vpclab/shared/plan/public-addresses";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { RemoteEnd } from "./remote-peerings";

/**
 * Why an object is not what it was drawn as, although the kernel refused nothing. `pending`: it only waits for somebody
 * else's part; `failed`: somebody has to do something.
 */
export interface Blocked {
  readonly state: "pending" | "failed";
  readonly code: ErrorCode;
  readonly reason: string;
}
export type BlockedObjects = ReadonlyMap<string, Blocked>;

/** Objects that should have a public address and get none. Without a pool instances share the host's address, which is no failure. */
export function withoutAddress(document: Topology, addresses: Readonly<Record<string, string>>, hasPool: boolean): Map<string, Blocked> {
  if (!hasPool) {
    const reason = "This host has no public addresses to give (publicPool of its policy); what this Elastic IP belongs to shares the host's own address.";
    return new Map(document.elasticIps.map(({ id }) => [id, { state: "failed", code: "POOL_NONE", reason }]));
  }
  const reason = "All public addresses of this host are taken; release an Elastic IP, here or in another topology.";
  const without = publicAddressOwners(document).filter((id) => addresses[id] === undefined);
  return new Map(without.map((id) => [id, { state: "failed", code: "POOL_EMPTY", reason }]));
}

/** Peerings with another topology that carry nothing now. */
export function withoutRemote(ends: ReadonlyMap<string, RemoteEnd>): Map<string, Blocked> {
  return new Map([...ends].flatMap(([id, end]): [string, Blocked][] => {
    if (end.state === "there") return [];
    return [[id, { state: end.state === "waiting" ? "pending" : "failed", code: end.state === "waiting" ? "NOT_APPLIED" : "CONFLICT", reason: end.reason }]];
  }));
}
