import { kindWord } from "@vpclab/shared/topology/diff";
import type { Action } from "../command-spec";
import { addRoute as addRouteEdit, createRouteTable as createTableEdit, deleteRoute as deleteRouteEdit, findTable, type TableName } from "../edits/route-edits";
import { find } from "../edits/place";
import type { Given } from "../given";
import { orThrow } from "../lab/named-object";
import { runEdit } from "../run-edit";
import { routeRows, subnetsOfTable } from "../views/rule-views";
import { stateCell } from "../views/view";
import { readTopology, viewContext } from "./read-topology";

const tableName = (given: Given): TableName => ({ table: given.option("table"), subnet: given.option("subnet"), vpc: given.option("vpc") });

export const addRoute: Action = (session, given) => {
  const destination = given.need(0, "destination");
  const options = { ...tableName(given), destination, via: given.needOption("via"), replace: given.flag("replace") === true };
  return runEdit(session, { doing: `add route ${destination}`, create: true, unchanged: `the route for ${destination} is there already` }, addRouteEdit(options));
};

export const deleteRoute: Action = (session, given) => {
  const destination = given.need(0, "destination");
  return runEdit(session, { doing: `delete route ${destination}`, create: true }, deleteRouteEdit(tableName(given), destination, given.flag("ifExists") === true));
};

/** Every route, or those of one table, subnet or VPC. */
export const listRoutes: Action = async (session, given) => {
  const context = viewContext(await readTopology(session));
  const name = tableName(given);
  const vpcId = name.vpc === null ? null : orThrow(find(context.doc, "vpc", { name: name.vpc })).id;
  const isOne = name.table !== null || name.subnet !== null;
  const tables = isOne ? [orThrow(findTable(context.doc, name))] : context.doc.routeTables.filter((table) => vpcId === null || table.vpcId === vpcId);
  const rows = tables
    .map((table) => ({ table, path: `${context.index.vpcById.get(table.vpcId)?.name ?? "?"}/${table.name}` }))
    .sort((a, b) => a.path.localeCompare(b.path))
    .flatMap(({ table, path }) => routeRows(table, context).map(([destination = "", target = ""]) => ({ table, path, destination, target })));
  session.out.value(rows.map(({ table, path, destination, target }) => ({
    table: path, tableId: table.id, destination, target, subnets: subnetsOfTable(table, context), state: context.deployment.objects[table.id]?.state ?? "absent",
  })));
  if (rows.length === 0) session.out.line(`No ${kindWord("route-table")} yet.`);
  else {
    session.out.table(
      [{ title: "ROUTE TABLE" }, { title: "DESTINATION" }, { title: "TARGET" }, { title: "SUBNETS" }, { title: "STATE" }],
      rows.map(({ table, path, destination, target }) => [path, destination, target, subnetsOfTable(table, context).join(", ") || "-", stateCell(context, table.id)]),
    );
  }
};

export const createRouteTable: Action = (session, given) => {
  const name = given.either(0, "name");
  return runEdit(session, { doing: `create route table${name === null ? "" : ` “${name}”`}`, create: true, makes: true, unchanged: "the route table is there already" }, createTableEdit({ name, vpc: given.option("vpc") }));
};
