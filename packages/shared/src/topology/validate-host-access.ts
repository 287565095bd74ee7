import type { Issue } from "../errors/issue";
import { cidrFrom, overlaps } from "../net/cidr";
import type { Topology } from "./topology";

/** The host has one route per address: of VPCs that it may reach, no two may overlap. After validateBlocks. */
export function validateHostAccess(doc: Topology): Issue[] {
  const reachable = doc.vpcs.flatMap((vpc, i) => (vpc.reachableFromHost ? [{ vpc, i, cidr: cidrFrom(vpc.cidr) }] : []));
  return reachable.flatMap(({ vpc, i, cidr }, at): Issue[] => {
    const first = reachable.slice(0, at).find((other) => overlaps(other.cidr, cidr));
    if (!first) return [];
    return [{
      severity: "error", code: "HOST_OVERLAP", path: ["vpcs", i, "reachableFromHost"], objectId: vpc.id,
      message: `The host already reaches “${first.vpc.name}” (${first.vpc.cidr}), which overlaps “${vpc.name}” (${vpc.cidr}); switch one of the two off, or choose other addresses.`,
    }];
  });
}
