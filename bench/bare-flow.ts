/// <reference lib="dom" />
import { ReactFlow } from "@xyflow/react";
import type { Edge, Node } from "@xyflow/react";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

/** React Flow as its first example has it: its own nodes and edges, nothing else on the page. */
const { nodes, edges } = (globalThis as unknown as { drawing: { nodes: Node[]; edges: Edge[] } }).drawing;
createRoot(document.getElementById("root")!).render(createElement(ReactFlow, { defaultNodes: nodes, defaultEdges: edges, fitView: true, minZoom: 0.1, maxZoom: 2 }));
