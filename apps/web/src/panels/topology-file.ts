import { AppError } from "@vpclab/shared/errors/app-error";
import type { Layout } from "@vpclab/shared/topology/layout";
import type { Topology } from "@vpclab/shared/topology/topology";
import { downloadText } from "./download-text";

interface TopologyFile {
  readonly name: string;
  readonly document: unknown;
  readonly layout?: unknown;
}

/** Hands the topology to the browser as a file that `readTopologyFile` takes back. */
export function downloadTopology({ name, document: topology, layout }: { name: string; document: Topology; layout: Layout }): void {
  downloadText(`${name}.vpclab.json`, topologyText({ name, document: topology, layout }), "application/json");
}

export const topologyText = (file: TopologyFile): string => `${JSON.stringify(file, null, 2)}\n`;

/** A file's text as a topology: either as exported, or the bare document, which is named after the file. Throws an AppError on broken JSON. */
export function parseTopologyFile(text: string, fileName: string): TopologyFile {
  const parsed = parseJson(text, fileName);
  const stem = fileName.toLowerCase().replace(/(\.vpclab)?\.json$/, "").replace(/[^a-z0-9-]+/g, "-").replace(/^[^a-z]+/, "").slice(0, 30) || "imported";
  if (typeof parsed === "object" && parsed !== null && "document" in parsed) {
    const { name, document: topology, layout } = parsed as { name?: unknown; document: unknown; layout?: unknown };
    return { name: typeof name === "string" ? name : stem, document: topology, ...(layout === undefined ? {} : { layout }) };
  }
  return { name: stem, document: parsed };
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError("JSON_SYNTAX", `${fileName} is not valid JSON: choose a topology that was exported as JSON.`, { cause });
  }
}
