import type { PlaceBoxes } from "./auto-layout";

/**
 * The Eclipse Layout Kernel, loaded when somebody first asks for a layout. The bundled build works on the page's own thread:
 * a worker would need a script address of its own in the content security policy, and a level is done in milliseconds.
 */
export async function elkPlaceBoxes(): Promise<PlaceBoxes> {
  const { default: Elk } = await import("elkjs/lib/elk.bundled.js");
  const elk = new Elk();
  return async ({ options, nodes, edges }) => {
    const done = await elk.layout({
      id: "root",
      layoutOptions: { ...options, "elk.padding": "[top=0,left=0,bottom=0,right=0]", "elk.spacing.nodeNode": "0", "elk.layered.spacing.nodeNodeBetweenLayers": "0" },
      children: nodes.map(({ id, width, height, partition }) => ({
        id, width, height, ...(partition === undefined ? {} : { layoutOptions: { "elk.partitioning.partition": String(partition) } }),
      })),
      edges: edges.map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
    });
    return new Map((done.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
  };
}
