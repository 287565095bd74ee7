import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { Topology } from "@vpclab/shared/topology/topology";
import { edgeRoutes } from "../apps/web/src/canvas/scene/edge-routes";
import { edgesOf, nodesOf } from "../apps/web/src/canvas/scene/from-topology";
import { sceneOf } from "../apps/web/src/canvas/scene/scene";

const MODULES = resolve(import.meta.dirname, "../node_modules");

export interface BarePage {
  readonly url: string;
  readonly nodes: number;
  close(): void;
}

/** A page with React Flow alone: as many nodes as the editor draws of this topology, of the same sizes, at the same places, one in the other. */
export async function serveBarePage(topology: Topology): Promise<BarePage> {
  const drawing = bareDrawing(topology);
  const css = readFileSync(join(MODULES, "@xyflow/react/dist/style.css"), "utf8");
  const { outputFiles: [bundle] } = await build({
    entryPoints: [join(import.meta.dirname, "bare-flow.ts")], bundle: true, write: false, minify: true, format: "iife",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const script = bundle?.text ?? "";
  const html = `<!doctype html><meta charset="utf-8"><title>React Flow</title><style>${css} html,body,#root{height:100%;margin:0}</style><div id="root"></div>
<script>globalThis.drawing=${JSON.stringify(drawing).replaceAll("<", "\\u003c")}</script><script>${script.replaceAll("</script", "<\\/script")}</script>`;
  const server = createServer((_, response) => void response.setHeader("content-type", "text/html").end(html));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, nodes: drawing.nodes.length, close: () => void server.close() };
}

function bareDrawing(topology: Topology) {
  const scene = sceneOf(topology, {});
  const nodes = nodesOf(scene).map(({ id, position, width, height, parentId, ariaLabel }) =>
    ({ id, position, width, height, ...(parentId === undefined ? {} : { parentId }), data: { label: ariaLabel } }));
  const edges = edgesOf(scene, edgeRoutes(scene, scene.world)).map(({ id, source, target }) => ({ id, source, target }));
  return { nodes, edges };
}
