import { describeEntry, describeRule } from "@vpclab/shared/topology/describe-rule";
import { networkAclOf, routeTableOf } from "@vpclab/shared/topology/effective";
import { kindWord } from "@vpclab/shared/topology/diff";
import type { DrawnRoute, NetworkAcl, RouteTable, SecurityGroup } from "@vpclab/shared/topology/topology";
import { findObject } from "@vpclab/shared/topology/topology-index";
import { columns, joined, type View, type ViewContext } from "./view";

export const routeTableView: View<"route-table"> = {
  columns: columns("ROUTES #", "SUBNETS"),
  row: (table, context) => [String(table.routes.length), joined(subnetsOfTable(table, context))],
  json: (table, context) => ({ isMain: isMain(table, context), subnets: subnetsOfTable(table, context), targets: table.routes.map((route) => `${route.destination} ${targetText(route, context)}`) }),
  sections: (table, context) => [{ title: "Routes", columns: columns("DESTINATION", "TARGET"), rows: routeRows(table, context) }],
};

const isMain = (table: RouteTable, { index }: ViewContext): boolean => index.vpcById.get(table.vpcId)?.mainRouteTableId === table.id;

/** The VPC's own route is implied in every table and stands first. */
export const routeRows = (table: RouteTable, context: ViewContext): string[][] => [
  [context.index.vpcById.get(table.vpcId)?.cidr ?? "", "local"],
  ...table.routes.map((route) => [route.destination, targetText(route, context)]),
];

export function targetText({ target }: DrawnRoute, { doc }: ViewContext): string {
  if (target.kind === "gone") return target.id.startsWith("igw-") ? "blackhole (waits for an internet gateway)" : `blackhole (${target.id} is gone)`;
  return `${kindWord(target.kind)} ${findObject(doc, target.id)?.object.name ?? target.id}`;
}

export const subnetsOfTable = (table: RouteTable, { doc, index }: ViewContext): string[] =>
  doc.subnets.filter((subnet) => routeTableOf(index, subnet).id === table.id).map(({ name }) => name).sort();

export const securityGroupView: View<"security-group"> = {
  columns: columns("IN #", "OUT #", "INSTANCES #", "DESCRIPTION"),
  row: (group, { index }) => [count(group, "ingress"), count(group, "egress"), String(index.membersOf(group.id).length), group.description],
  json: (group, context) => ({ members: context.index.membersOf(group.id).map(({ id }) => id), described: group.rules.map((rule) => `${rule.direction} ${describeRule(rule, nameIn(context))}`) }),
  sections: (group, context) => [{
    title: "Rules", columns: columns("RULE", "DIRECTION", "ALLOWS", "DESCRIPTION"),
    rows: group.rules.map((rule) => [rule.id, rule.direction, describeRule(rule, nameIn(context)), rule.description]),
  }],
};

const count = (group: SecurityGroup, direction: "ingress" | "egress"): string => String(group.rules.filter((rule) => rule.direction === direction).length);
const nameIn = ({ doc }: ViewContext) => (id: string): string => findObject(doc, id)?.object.name ?? id;

export const networkAclView: View<"network-acl"> = {
  columns: columns("ENTRIES #", "SUBNETS"),
  row: (acl, context) => [String(acl.entries.length), joined(subnetsOfAcl(acl, context))],
  json: (acl, context) => ({ subnets: subnetsOfAcl(acl, context), described: sorted(acl).map((entry) => `${entry.direction} ${entry.number} ${describeEntry(entry)}`) }),
  sections: (acl) => [{
    title: "Entries", columns: columns("DIRECTION", "NUMBER #", "ENTRY"),
    rows: [...sorted(acl).map((entry) => [entry.direction, String(entry.number), describeEntry(entry)]), ["both", "*", "deny everything else"]],
  }],
};

const subnetsOfAcl = (acl: NetworkAcl, { doc, index }: ViewContext): string[] =>
  doc.subnets.filter((subnet) => networkAclOf(index, subnet).id === acl.id).map(({ name }) => name).sort();

const sorted = (acl: NetworkAcl) => [...acl.entries].sort((a, b) => b.direction.localeCompare(a.direction) || a.number - b.number);
