import type { RouteTarget } from "../topology/topology";

/** Something that was done to the kernel behind our back and that the drawing can say, too. */
export type Adoption = {
  /** The route table, group, ACL or subnet that would be edited. */
  readonly objectId: string;
  /** What shows the difference: it may be shown on the instances where a group's rules stand. */
  readonly shownOn: readonly string[];
} & (
  | { readonly kind: "route-removed"; readonly destination: string }
  | { readonly kind: "route-added"; readonly destination: string; readonly target: RouteTarget }
  /** `rule`: as rule-names.ts calls it. */
  | { readonly kind: "rule-removed"; readonly rule: string }
);
