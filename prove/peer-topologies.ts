import { cidrFrom, overlaps } from "@vpclab/shared/net/cidr";
import { applyEdits } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import { newId, newRuleId } from "@vpclab/shared/topology/ids";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { Peering, Topology, Vpc } from "@vpclab/shared/topology/topology";
import { PART_NAMES, partId } from "./parts";
import type { Random } from "./random";

/** Two documents with a peering between a VPC of each, accepted and routed on both sides; as they are, where none is possible. */
export function peered(one: Topology, other: Topology, random: Random): [Topology, Topology] {
  const pairs = one.vpcs.flatMap((near) => other.vpcs.filter((far) => !overlaps(cidrFrom(near.cidr), cidrFrom(far.cidr))).map((far) => ({ near, far })));
  if (pairs.length === 0) return [one, other];
  const { near, far } = random.pick(pairs);
  const peering = { id: newId("peering", random.bytes), name: "between", requesterVpcId: near.id, accepterVpcId: far.id, status: "active" } as const;
  const remote = (side: "requester" | "accepter", index: 0 | 1, vpc: Vpc): Peering["remote"] =>
    ({ side, topologyId: partId(index), topologyName: PART_NAMES[index], vpcName: vpc.name, cidr: vpc.cidr });
  const here = withPeering(one, near, far, { ...peering, remote: remote("accepter", 1, far) }, random);
  const there = withPeering(other, far, near, { ...peering, remote: remote("requester", 0, near) }, random);
  return here && there ? [here, there] : [one, other];
}

/** null: it is refused, e.g. because that VPC is peered with one that overlaps. */
function withPeering(document: Topology, vpc: Vpc, peer: Vpc, peering: Peering, random: Random): Topology | null {
  const index = indexTopology(document);
  const tables = index.routeTablesOfVpc(vpc.id).flatMap((table): EditCommand[] =>
    table.routes.some(({ destination }) => destination === peer.cidr) ? [] : [{
      op: "update", kind: "route-table", id: table.id,
      set: { routes: [...table.routes, { destination: peer.cidr, target: { kind: "peering", id: peering.id } }] },
    }]);
  const group = index.groupById.get(vpc.defaultSecurityGroupId);
  const rule = { id: newRuleId(random.bytes), direction: "ingress", protocol: "all", ports: null, peer: { cidr: peer.cidr }, description: "" } as const;
  const opened: EditCommand[] = group ? [{ op: "update", kind: "security-group", id: group.id, set: { rules: [...group.rules, rule] } }] : [];
  const edited = applyEdits(document, [{ op: "create", kind: "peering", object: peering }, ...tables, ...opened]);
  return edited.ok ? edited.value : null;
}
