import { z } from "zod";

/** Where boxes stand on the canvas, by object id. A document of its own: the agent never sees it. Pixels, relative to the parent. */
const coordinate = z.number().min(-1e6).max(1e6);
const extent = z.number().min(1).max(1e5);

export const BoxSchema = z.strictObject({
  x: coordinate,
  y: coordinate,
  width: extent.optional(),
  height: extent.optional(),
});
export const LayoutSchema = z.record(z.string().regex(/^[a-z]+-[0-9a-f]{8,17}$/), BoxSchema);
/** A change of layout: a box to set, or null to forget one. */
export const LayoutPatchSchema = z.record(z.string().regex(/^[a-z]+-[0-9a-f]{8,17}$/), BoxSchema.nullable());

export type Box = z.infer<typeof BoxSchema>;
export type Layout = z.infer<typeof LayoutSchema>;
export type LayoutPatch = z.infer<typeof LayoutPatchSchema>;

export function applyLayoutPatch(layout: Layout, patch: LayoutPatch): Layout {
  const next: Layout = { ...layout };
  for (const [id, box] of Object.entries(patch)) {
    if (box === null) delete next[id];
    else next[id] = box;
  }
  return next;
}

/** The patch that takes `patched` back to `layout`. */
export function inverseLayoutPatch(layout: Layout, patch: LayoutPatch): LayoutPatch {
  return Object.fromEntries(Object.keys(patch).map((id) => [id, layout[id] ?? null]));
}
