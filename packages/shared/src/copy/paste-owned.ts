import type { Issue } from "../errors/issue";
import { cidrFrom, containsCidr } from "../net/cidr";
import { nextName } from "../topology/allocate";
import { newRuleId } from "../topology/ids";
import type { DrawnRoute, RouteTable, SecurityGroupRule, Topology } from "../topology/topology";
import { indexTopology } from "../topology/topology-index";
import { freeName } from "./paste-networks";
import type { Pasting } from "./pasting";
import { isIssue, movedCidr, refusal, vpcFor } from "./pasting";

/** Copied gateways, groups and ACLs: what a VPC owns besides its subnets and tables. */
export function pasteGatewaysAndFilters(paste: Pasting): Issue | null {
  for (const gateway of copiedOf(paste, paste.source.internetGateways)) {
    const vpcId = vpcFor(paste, gateway.vpcId);
    if (isIssue(vpcId)) return vpcId;
    const vpc = paste.draft.vpcs.find(({ id }) => id === vpcId);
    const other = paste.draft.internetGateways.find((existing) => existing.vpcId === vpcId);
    if (other) return refusal("IGW_DUPLICATE", `${vpc?.name ?? "That VPC"} already has an internet gateway (${other.name}); a VPC has at most one.`);
    const name = nextName(paste.draft.internetGateways.map((existing) => existing.name), `${vpc?.name ?? "vpc"}-igw`, { bareFirst: true });
    paste.draft = { ...paste.draft, internetGateways: [...paste.draft.internetGateways, { ...gateway, id: paste.ids.get(gateway.id)!, vpcId, name }] };
  }
  for (const group of copiedOf(paste, paste.source.securityGroups)) {
    const place = placeOf(paste, group, (vpcId) => indexTopology(paste.draft).groupsOfVpc(vpcId));
    if ("message" in place) return place;
    paste.draft = { ...paste.draft, securityGroups: [...paste.draft.securityGroups, { ...group, ...place, rules: group.rules.map((rule) => ruleFor(paste, rule)) }] };
  }
  for (const acl of copiedOf(paste, paste.source.networkAcls)) {
    const place = placeOf(paste, acl, (vpcId) => indexTopology(paste.draft).networkAclsOfVpc(vpcId));
    if ("message" in place) return place;
    paste.draft = { ...paste.draft, networkAcls: [...paste.draft.networkAcls, { ...acl, ...place, entries: acl.entries.map((entry) => ({ ...entry, cidr: movedCidr(paste, entry.cidr) })) }] };
  }
  return null;
}

/** Copied tables, last of all: their routes name what was pasted before. */
export function pasteTables(paste: Pasting): Issue | null {
  for (const table of copiedOf(paste, paste.source.routeTables)) {
    const place = placeOf(paste, table, (vpcId) => indexTopology(paste.draft).routeTablesOfVpc(vpcId));
    if ("message" in place) return place;
    const copy: RouteTable = { ...table, ...place, routes: table.routes.flatMap((route) => routeFor(paste, route, table.vpcId, place.vpcId)) };
    paste.draft = { ...paste.draft, routeTables: [...paste.draft.routeTables, copy] };
  }
  return null;
}

const copiedOf = <T extends { readonly id: string }>({ copied }: Pasting, objects: readonly T[]): readonly T[] => objects.filter(({ id }) => copied.has(id));

function placeOf(
  paste: Pasting, { id, vpcId: sourceVpcId, name }: { readonly id: string; readonly vpcId: string; readonly name: string },
  siblings: (vpcId: string) => readonly { readonly name: string }[],
): { id: string; vpcId: string; name: string } | Issue {
  const vpcId = vpcFor(paste, sourceVpcId);
  return isIssue(vpcId) ? vpcId : { id: paste.ids.get(id)!, vpcId, name: freeName(siblings(vpcId), name) };
}

/** A rule that names a group which is not here becomes stale, as one whose group was deleted. */
function ruleFor(paste: Pasting, rule: SecurityGroupRule): SecurityGroupRule {
  const id = newRuleId(paste.random);
  if ("cidr" in rule.peer) return { ...rule, id, peer: { cidr: movedCidr(paste, rule.peer.cidr) } };
  if ("goneSecurityGroupId" in rule.peer) return { ...rule, id };
  const { securityGroupId } = rule.peer;
  const named = paste.ids.get(securityGroupId) ?? paste.draft.securityGroups.find((group) => group.id === securityGroupId)?.id;
  return { ...rule, id, peer: named ? { securityGroupId: named } : { goneSecurityGroupId: securityGroupId } };
}

/** A route whose target was not copied stays where it still means something; a copy never begins with a blackhole. */
function routeFor(paste: Pasting, route: DrawnRoute, sourceVpcId: string, vpcId: string): DrawnRoute[] {
  const { kind, id } = route.target;
  const destination = movedCidr(paste, route.destination);
  const copy = paste.ids.get(id);
  if (copy && kind !== "gone") return [{ destination, target: { kind, id: copy } }];
  if (sourceVpcId === vpcId) return kind !== "gone" && isThere(paste.draft, id) ? [route] : [];
  const vpc = paste.draft.vpcs.find((other) => other.id === vpcId);
  if (kind !== "internet-gateway" || !vpc || containsCidr(cidrFrom(vpc.cidr), cidrFrom(destination))) return [];
  const gateway = paste.draft.internetGateways.find((other) => other.vpcId === vpcId);
  return gateway ? [{ destination, target: { kind, id: gateway.id } }] : [];
}

const isThere = ({ internetGateways, natGateways, peerings, instances }: Topology, id: string): boolean =>
  [internetGateways, natGateways, peerings, instances].some((objects) => objects.some((object) => object.id === id));
