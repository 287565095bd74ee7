import type { Subnet } from "@vpclab/shared/topology/topology";
import { allowCidr } from "./allow-cidr";
import { inSteps, refuse, type Edit } from "./edit";
import { bothVpcs, createPeering, type PeerOptions } from "./peer-edits";
import { find } from "./place";

/** A peering over which only the named subnets of the two VPCs reach each other, both ways; all others stay blocked. */
export const createLimitedPeering = (options: Omit<PeerOptions, "withAccess">, cidrs: readonly string[]): Edit => (doc) => {
  const ends = bothVpcs(doc, options.vpc, options.peer);
  if (!ends.ok) return ends;
  const subnets: Subnet[] = [];
  for (const name of cidrs) {
    const subnet = find(doc, "subnet", { name });
    if (!subnet.ok) return subnet;
    subnets.push(subnet.value);
  }
  const [ours, theirs] = ends.value.map(({ id }) => subnets.filter(({ vpcId }) => vpcId === id));
  if (!ours?.length || !theirs?.length || ours.length + theirs.length < subnets.length) {
    return refuse("SCHEMA", `Name at least one subnet of “${options.vpc}” and one of “${options.peer}”, and none of another VPC.`);
  }
  const pairs = ours.flatMap((a) => theirs.map((b) => [a.id, b.id] as const));
  return inSteps(createPeering({ ...options, withAccess: false }), ...pairs.flatMap(([a, b]) => [allowCidr(a, b), allowCidr(b, a)]))(doc);
};
