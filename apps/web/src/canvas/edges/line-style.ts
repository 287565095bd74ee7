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

/** What the colours say, said by the line itself: short dashes are not in the kernel yet, dots have failed, dash and dot have drifted. */
const DASHES: Readonly<Record<ObjectState, string | null>> = { absent: "6 5", pending: "6 5", applying: "6 5", "in-place": null, failed: "1 5", drifted: "10 4 1 4" };

/** How an edge shows the state of the object it stands for. */
export function lineStyle(state: ObjectState, { selected, lit }: { readonly selected: boolean; readonly lit: boolean }): CSSProperties {
  return {
    stroke: selected ? "var(--color-accent)" : lit ? "var(--color-ok)" : COLOUR[state],
    strokeWidth: `calc(${selected || lit || state === "failed" || state === "drifted" ? 3 : 2}px * var(--legible, 1))`,
    ...(DASHES[state] === null ? {} : { strokeDasharray: DASHES[state], strokeLinecap: "round" }),
  };
}
