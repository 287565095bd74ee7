import type { FieldPath } from "../errors/issue";
import { type Document, isMap, isSeq, type Node } from "yaml";

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What a file means now, and what it should mean: both written out in full, so that they differ where something changed only. */
export interface Difference {
  readonly means: unknown;
  readonly wanted: unknown;
}

/** Changes a document where the two differ. What it leaves to defaults, its comments and its order stay. */
export function mergeIntoDocument(document: Document, difference: Difference, path: FieldPath = []): void {
  const { means, wanted } = difference;
  if (same(means, wanted)) return;
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isFields(means) && isFields(wanted) && isMap(node)) {
    for (const key of new Set([...Object.keys(means), ...Object.keys(wanted)])) {
      if (Object.hasOwn(wanted, key)) mergeIntoDocument(document, { means: means[key], wanted: wanted[key] }, [...path, key]);
      else document.deleteIn([...path, key]);
    }
  } else if (Array.isArray(means) && Array.isArray(wanted) && isSeq(node)) {
    node.items = mergedItems(document, { means, wanted, items: node.items as Node[] });
  } else if (path.length === 0) document.contents = document.createNode(wanted) as typeof document.contents;
  else setValue(document, path, wanted);
}

/** Items that stay keep their own text and comments. */
function mergedItems(document: Document, { means, wanted, items }: { means: readonly unknown[]; wanted: readonly unknown[]; items: readonly Node[] }): Node[] {
  // Written otherwise than meant item by item: then all of it is new.
  const left = means.length === items.length ? means.map((value, i) => ({ value, node: items[i] })) : [];
  return wanted.map((value) => {
    const at = left.findIndex((item) => same(item.value, value));
    const [kept] = at < 0 ? [] : left.splice(at, 1);
    return kept?.node ?? (document.createNode(value) as Node);
  });
}

/** A scalar keeps its node, and so the comment beside it. */
function setValue(document: Document, path: FieldPath, value: unknown): void {
  const parent = document.getIn(path.slice(0, -1), true);
  const before = document.getIn(path, true) as Node | undefined;
  const node = document.createNode(value) as Node;
  if (before) {
    node.comment = before.comment;
    node.commentBefore = before.commentBefore;
    node.spaceBefore = before.spaceBefore;
  }
  if (isMap(parent) || isSeq(parent)) document.setIn(path, node);
  else document.setIn(path.slice(0, -1), { [String(path.at(-1))]: value });
}
