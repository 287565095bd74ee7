import { readableName } from "@vpclab/shared/plan/describe-object";
import { kindWord } from "@vpclab/shared/topology/diff";
import { namesOfObjects } from "@vpclab/shared/topology/object-names";
import type { ObjectByKind, ObjectKind } from "@vpclab/shared/topology/topology";
import type { Action } from "../command-spec";
import { find } from "../edits/place";
import type { Given } from "../given";
import { orThrow } from "../lab/named-object";
import { styled } from "../output/text";
import { UsageError } from "../usage-error";
import { KIND_VIEW } from "../views/kind-views";
import { stateCell, type View, type ViewContext } from "../views/view";
import { readTopology, viewContext } from "./read-topology";

/** All objects of a kind; those of one VPC with `--vpc`. */
export const listKind = <K extends ObjectKind>(kind: K): Action => async (session, given) => {
  const context = viewContext(await readTopology(session));
  const objects = objectsOfKind(kind, context, given.option("vpc"));
  const view = KIND_VIEW[kind] as View<K>;
  session.out.value(objects.map((object) => jsonOf(kind, object, context)));
  if (objects.length === 0) session.out.line(`No ${kindWord(kind)} yet.`);
  else {
    session.out.table(
      [{ title: kindWord(kind).toUpperCase() }, ...view.columns, { title: "STATE" }],
      objects.map((object) => [nameOf(kind, object, context), ...view.row(object, context), stateCell(context, object.id)]),
    );
  }
};

function objectsOfKind<K extends ObjectKind>(kind: K, context: ViewContext, vpc: string | null): ObjectByKind[K][] {
  const vpcId = vpc === null ? null : orThrow(find(context.doc, "vpc", { name: vpc })).id;
  return namesOfObjects(context.doc)
    .filter((names) => names.kind === kind && (vpcId === null || names.vpcIds.includes(vpcId)))
    .sort((a, b) => a.path.localeCompare(b.path))
    .map(({ object }) => object as ObjectByKind[K]);
}

/** Without the word for the kind: it stands in the title. */
const nameOf = <K extends ObjectKind>(kind: K, object: ObjectByKind[K], { index }: ViewContext): string => readableName(kind, object, index).replace(/ \(.*\)$/, "");

function jsonOf<K extends ObjectKind>(kind: K, object: ObjectByKind[K], context: ViewContext): Record<string, unknown> {
  const status = context.deployment.objects[object.id];
  const view = KIND_VIEW[kind] as View<K>;
  return { kind, path: nameOf(kind, object, context), ...object, ...view.json(object, context), state: status?.state ?? "absent", reason: status?.reason ?? null };
}

/** One object with all that belongs to it. */
export const showKind = <K extends ObjectKind>(kind: K): Action => async (session, given) => {
  const context = viewContext(await readTopology(session));
  const object = orThrow(find(context.doc, kind, namedBy(given)));
  const view = KIND_VIEW[kind] as View<K>;
  const { out } = session;
  out.value(jsonOf(kind, object, context));
  const row = view.row(object, context);
  const fields = [["id", object.id] as const, ...view.columns.map(({ title }, i) => [title.toLowerCase(), row[i] ?? ""] as const), ["state", stateCell(context, object.id)] as const];
  out.line(styled("bold", `${kindWord(kind)} ${nameOf(kind, object, context)}`));
  const width = Math.max(...fields.map(([name]) => name.length));
  for (const [name, text] of fields) out.line([`  ${name.padEnd(width)}  `, ...[text].flat()]);
  for (const section of view.sections?.(object, context) ?? []) {
    if (section.rows.length === 0) continue;
    out.line();
    out.line(styled("bold", section.title));
    out.table(section.columns, section.rows);
  }
};

/** The object of a command: `<name>` or `--name`, with `--vpc` and `--subnet` beside it. */
export function namedBy(given: Given): { name: string; vpc: string | null; subnet: string | null } {
  const [vpc, subnet] = [given.option("vpc"), given.option("subnet")];
  const name = given.either(0, "name") ?? subnet ?? vpc;
  if (name === null) throw new UsageError("which one? Give its name");
  return { name, vpc: name === vpc ? null : vpc, subnet: name === subnet ? null : subnet };
}
