import type { ObjectState } from "@vpclab/shared/wire/live";
import type { CSSProperties } from "react";

const COLOUR: Readonly<Record<ObjectState, string>> = {
  absent: "var(--color-line-strong)",
  pending: "color-mix(in srgb, var(--color-busy) 45%, var(--color-line-strong))",
  applying: "var(--color-busy)",
  "in-place": "var(--color-line-strong)",
  failed: "var(--color-bad)",
  drifted: "var(--color-warn)",
};

/** How an edge shows the state of the object it stands for: dashed as long as it is not in the kernel. */
export function lineStyle(state: ObjectState, { selected, lit }: { readonly selected: boolean; readonly lit: boolean }): CSSProperties {
  return {
    stroke: selected ? "var(--color-accent)" : lit ? "var(--color-ok)" : COLOUR[state],
    strokeWidth: `calc(${selected || lit ? 3 : 2}px * var(--legible, 1))`,
    ...(state === "absent" || state === "pending" || state === "applying" ? { strokeDasharray: "6 5" } : {}),
  };
}
