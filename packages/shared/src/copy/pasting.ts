import type { Issue } from "../errors/issue";
import type { Cidr } from "../net/cidr";
import { cidrFrom, containsCidr, formatAddress, formatCidr, parseAddress } from "../net/cidr";
import type { RandomBytes } from "../topology/ids";
import { newId } from "../topology/ids";
import type { Topology } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import { indexTopology, objectsOf } from "../topology/topology-index";
import type { Fragment } from "./fragment";

/** Where objects go whose container is not copied: what is selected or pointed at. null: where they came from. */
export interface PasteTarget {
  readonly vpcId: string | null;
  readonly subnetId: string | null;
}

/** A paste under way: `draft` grows from stage to stage and is valid again at the end. */
export interface Pasting {
  readonly source: Topology;
  readonly from: TopologyIndex;
  readonly copied: ReadonlySet<string>;
  /** New id by the copied object's own. */
  readonly ids: ReadonlyMap<string, string>;
  readonly target: PasteTarget;
  readonly random: RandomBytes;
  /** Copied ranges and where they are now, of the same length each. */
  readonly moved: { readonly from: Cidr; readonly to: Cidr }[];
  draft: Topology;
}

export function beginPaste(doc: Topology, fragment: Fragment, target: PasteTarget, random: RandomBytes): Pasting {
  const copied = new Set(fragment.copied);
  const ids = new Map<string, string>();
  for (const { kind, object } of objectsOf(fragment.document)) if (copied.has(object.id)) ids.set(object.id, newId(kind, random));
  return { source: fragment.document, from: indexTopology(fragment.document), copied, ids, target, random, moved: [], draft: doc };
}

/** An address within a copied range, in the range that came of it; every other as it is. */
export function movedAddress({ moved }: Pasting, text: string): string {
  const address = parseAddress(text);
  const range = address === null ? undefined : rangeOf(moved, { base: address, length: 32 });
  return range && address !== null ? formatAddress(range.to.base + address - range.from.base) : text;
}

export function movedCidr({ moved }: Pasting, text: string): string {
  const cidr = cidrFrom(text);
  const range = rangeOf(moved, cidr);
  return range ? formatCidr({ base: range.to.base + cidr.base - range.from.base, length: cidr.length }) : text;
}

/** A copied subnet's own range goes before that of its VPC. */
const rangeOf = (moved: Pasting["moved"], cidr: Cidr) =>
  moved.filter(({ from }) => containsCidr(from, cidr)).sort((a, b) => b.from.length - a.from.length)[0];

/** The VPC for an object of this one: its copy, else the target, else the same VPC, else the only one there is. */
export function vpcFor({ ids, target, draft }: Pasting, sourceVpcId: string): string | Issue {
  const [only, ...more] = draft.vpcs;
  const id = ids.get(sourceVpcId) ?? target.vpcId ?? draft.vpcs.find((vpc) => vpc.id === sourceVpcId)?.id ?? (more.length === 0 ? only?.id : undefined);
  return id ?? refusal("REF_UNKNOWN", "It belongs to a VPC: select the VPC that it shall go into, then paste.");
}

/** `vpc1` and `web-2` without their number, so that a copy gets the next one. */
export const stemOf = (name: string): string => name.replace(/-?\d+$/, "") || name;

export const refusal = (code: Issue["code"], message: string): Issue => ({ severity: "error", code, path: [], message });
export const isIssue = (value: string | Issue): value is Issue => typeof value !== "string";

/** In the order a person counts them, which the order of ids is not: vpc1 before vpc2 before vpc10. */
export const inOrderOfName = <T extends { readonly name: string }>(objects: readonly T[]): T[] =>
  [...objects].sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
