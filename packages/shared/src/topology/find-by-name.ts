import type { Issue } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { kindWord } from "./diff";
import { nearestName } from "./nearest-name";
import { namesOfObjects, type ObjectNames } from "./object-names";
import { printable } from "./printable";
import type { ObjectByKind, ObjectKind, Topology } from "./topology";

const SHOWN_MAX = 6;

/**
 * The object that a person names: by id, by its path (`prod/public/web`), as its namespace is called (`prod-public-web`), by
 * address or CIDR, or by its bare name where only one is called so. `vpcId` looks in that VPC only. NOT_FOUND names the
 * nearest known name; CONFLICT lists those that could be meant.
 */
export function findByName<K extends ObjectKind>(doc: Topology, kind: K, text: string, vpcId?: string): Result<ObjectByKind[K], Issue[]> {
  const found = findAnyByName(doc, [kind], text, vpcId);
  return found.ok ? ok(found.value.object as ObjectByKind[K]) : found;
}

/** As `findByName`, among several kinds of object. */
export function findAnyByName(
  doc: Topology, kinds: readonly ObjectKind[], text: string, vpcId?: string,
): Result<Pick<ObjectNames, "kind" | "object" | "path">, Issue[]> {
  const candidates = namesOfObjects(doc).filter((names) => kinds.includes(names.kind) && (vpcId === undefined || names.vpcIds.includes(vpcId)));
  const word = kinds.map(kindWord).join(" or ");
  for (const matches of LEVELS) {
    const found = candidates.filter((names) => matches(names, text));
    const [only] = found;
    if (only && found.length === 1) return ok(only);
    if (only) return refusal("CONFLICT", `“${printable(text)}” could be ${list(found.map(({ path }) => path), "or")}; write one of them.`);
  }
  return refusal("NOT_FOUND", `There is no ${word} “${printable(text)}”${instead(text, candidates, vpcId === undefined ? "this topology" : "that VPC")}`);
}

/** The first form that fits anything decides, so that a short name never hides a full one. */
const LEVELS: readonly ((names: ObjectNames, text: string) => boolean)[] = [
  ({ object }, text) => object.id === text,
  ({ path }, text) => path === text,
  ({ full }, text) => full.includes(text),
  ({ short }, text) => short.includes(text),
];

function instead(text: string, candidates: readonly ObjectNames[], where: string): string {
  // Sorted: of two that are as near, always the same is meant.
  const spellings = candidates.flatMap(({ path, full, short }) => [path, ...full, ...short]).sort();
  const near = nearestName(text, spellings);
  if (near !== null) return `; did you mean “${near}”?`;
  if (candidates.length === 0) return `; ${where} has none.`;
  return `; there is ${list(candidates.map(({ path }) => path), "and")}.`;
}

function list(names: readonly string[], last: "and" | "or"): string {
  const shown = [...names].sort().slice(0, SHOWN_MAX);
  if (names.length > SHOWN_MAX) return `${shown.join(", ")} ${last} ${names.length - SHOWN_MAX} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} ${last} ${shown.at(-1)}`;
}

const refusal = (code: Issue["code"], message: string): Result<never, Issue[]> => err([{ severity: "error", code, path: [], message }]);
