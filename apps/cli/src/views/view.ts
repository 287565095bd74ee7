import { kindWord } from "@vpclab/shared/topology/diff";
import type { ObjectByKind, ObjectKind, Topology } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import type { Deployment } from "@vpclab/shared/wire/live";
import { stateText } from "../output/state-text";
import type { Column } from "../output/table";
import type { Text } from "../output/text";

/** What a view knows beside its object. */
export interface ViewContext {
  readonly doc: Topology;
  readonly index: TopologyIndex;
  readonly deployment: Deployment;
  readonly topologyName: string;
}

export interface Section {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Text[])[];
}

/** How objects of a kind are shown: as rows of a list, as `--json`, and by themselves. */
export interface View<K extends ObjectKind> {
  /** Titles of `row`, behind the name and before the state. */
  readonly columns: readonly Column[];
  row(object: ObjectByKind[K], context: ViewContext): Text[];
  /** What `--json` says beside the drawn object itself. */
  json(object: ObjectByKind[K], context: ViewContext): Record<string, unknown>;
  /** Below the fields of the row, where it is shown by itself. */
  sections?(object: ObjectByKind[K], context: ViewContext): readonly Section[];
}

/** Titles; one that ends in ` #` is that of a column of numbers. */
export const columns = (...titles: readonly string[]): Column[] =>
  titles.map((title) => (title.endsWith(" #") ? { title: title.slice(0, -2), align: "right" } : { title }));

export function stateCell({ deployment }: ViewContext, id: string): Text {
  const status = deployment.objects[id];
  const state = stateText(status?.state ?? "absent");
  return status?.reason ? [state, `: ${status.reason}`] : state;
}

export const onOff = (value: boolean): string => (value ? "on" : "off");
export const DASH = "-";

/** Names joined, a dash where there are none. */
export const joined = (names: readonly string[]): string => names.join(", ") || DASH;

/** e.g. `1 instance`, `3 instances`. */
export const counted = (count: number, kind: ObjectKind): string => `${count} ${kindWord(kind)}${count === 1 ? "" : "s"}`;
