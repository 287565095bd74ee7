import { z } from "zod";
import type { Issue } from "../errors/issue";
import { isError } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { withDependents, withoutObjects } from "../topology/edit-remove";
import type { Layout } from "../topology/layout";
import { LayoutSchema } from "../topology/layout";
import type { Topology } from "../topology/topology";
import { TopologySchema } from "../topology/topology";
import { indexTopology, objectsOf } from "../topology/topology-index";
import { validateTopology } from "../topology/validate";

/** A selection as text on the system clipboard, so that it goes from tab to tab and from topology to topology. */
export const FragmentSchema = z.strictObject({
  vpclab: z.literal("selection"),
  /** What is copied: the selection, what stands in it, and what joins two of its objects. */
  copied: z.array(z.string().max(64)).min(1).max(20_000),
  /** A valid topology of these objects and the containers, tables and groups that they refer to; nothing else of the drawing. */
  document: TopologySchema,
  /** Boxes of the copied objects, relative to their parents. */
  layout: LayoutSchema,
});
export type Fragment = z.infer<typeof FragmentSchema>;

/** Characters; as much as a save may carry, and more than any drawing within the quotas has. */
const TEXT_LENGTH_MAX = 4_000_000;

/** What a selection takes along. Refused when nothing of it can stand by itself: a peering alone has no ends to copy. */
export function fragmentOf(doc: Topology, layout: Layout, ids: Iterable<string>): Result<Fragment, Issue[]> {
  const copied = copiedWith(doc, ids);
  if (copied.size === 0) {
    return err([{ severity: "error", code: "NOT_FOUND", path: [], message: "Nothing to copy is selected; a peering is copied with both of its VPCs." }]);
  }
  const kept = withContext(doc, copied);
  const gone = new Set([...objectsOf(doc)].map(({ object }) => object.id).filter((id) => !kept.has(id)));
  return ok({
    vpclab: "selection",
    copied: [...copied],
    document: withoutObjects(doc, gone, gone),
    layout: Object.fromEntries(Object.entries(layout).filter(([id]) => copied.has(id))),
  });
}

export const fragmentText = (fragment: Fragment): string => JSON.stringify(fragment);

/** A pasted text as a fragment; null when it is anything else, or is not a valid drawing. */
export function readFragment(text: string): Fragment | null {
  if (text.length > TEXT_LENGTH_MAX || !text.startsWith("{")) return null;
  const parsed = FragmentSchema.safeParse(parseJson(text));
  if (!parsed.success || validateTopology(parsed.data.document).some(isError)) return null;
  const known = new Set([...objectsOf(parsed.data.document)].map(({ object }) => object.id));
  return parsed.data.copied.every((id) => known.has(id)) ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The selection with what stands in it, its Elastic IPs, and the peerings between two of its VPCs. */
function copiedWith(doc: Topology, ids: Iterable<string>): ReadonlySet<string> {
  const copied = new Set<string>();
  for (const id of ids) for (const dependent of withDependents(doc, id)) copied.add(dependent);
  for (const { id, requesterVpcId, accepterVpcId, remote } of doc.peerings) {
    if (remote === null && copied.has(requesterVpcId) && copied.has(accepterVpcId)) copied.add(id);
    else copied.delete(id);
  }
  for (const { id, target } of doc.elasticIps) if (target && copied.has(target.id)) copied.add(id);
  return copied;
}

/** With the VPCs and subnets around the copied objects and all that those and they name. */
function withContext(doc: Topology, copied: ReadonlySet<string>): ReadonlySet<string> {
  const index = indexTopology(doc);
  const kept = new Set(copied);
  const add = (...ids: readonly (string | null | undefined)[]) => ids.forEach((id) => id && kept.add(id));
  for (const card of [...doc.instances, ...doc.natGateways]) if (kept.has(card.id)) add(card.subnetId);
  for (const { id, securityGroupIds } of doc.instances) if (kept.has(id)) add(...securityGroupIds);
  for (const subnet of doc.subnets) if (kept.has(subnet.id)) add(subnet.vpcId, subnet.routeTableId, subnet.networkAclId);
  for (const owned of [...doc.routeTables, ...doc.securityGroups, ...doc.networkAcls, ...doc.internetGateways]) if (kept.has(owned.id)) add(owned.vpcId);
  for (const vpc of doc.vpcs) {
    if (!kept.has(vpc.id)) continue;
    add(vpc.mainRouteTableId, vpc.defaultNetworkAclId, vpc.defaultSecurityGroupId);
    // Whether a subnet is public is said by a route to the gateway, so the gateway belongs to it.
    if (index.subnetsOfVpc(vpc.id).some(({ id }) => kept.has(id))) add(index.gatewayOfVpc(vpc.id)?.id);
  }
  return kept;
}
