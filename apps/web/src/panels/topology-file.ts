import { AppError } from "@vpclab/shared/errors/app-error";
import { readTopologyText } from "@vpclab/shared/text/read-topology-text";
import type { FileIssue } from "@vpclab/shared/text/file-issue";
import type { RandomBytes } from "@vpclab/shared/topology/ids";
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

const FILE_BYTES_MAX = 1024 * 1024;

/** The text of a chosen file. Throws an AppError where it is larger than a topology can be. */
export async function textOfFile(file: File): Promise<string> {
  if (file.size > FILE_BYTES_MAX) throw new AppError("TOO_LARGE", `${file.name} is larger than 1 MiB; a topology of the largest size is not.`);
  return file.text();
}

/**
 * A file's text as a topology: as exported, the bare document, or a topology file (docs/topology-file.md) as YAML or JSON. What
 * gives itself no name is named after the file. Throws an AppError with what is wrong.
 */
export function parseTopologyFile(text: string, fileName: string, random: RandomBytes): TopologyFile {
  const isYaml = /\.ya?ml$/i.test(fileName);
  const parsed = isYaml ? null : parseJson(text, fileName);
  const stem = fileName.toLowerCase().replace(/(\.vpclab)?\.(json|ya?ml)$/, "").replace(/[^a-z0-9-]+/g, "-").replace(/^[^a-z]+/, "").slice(0, 30) || "imported";
  if (isYaml || isTopologyFile(parsed)) {
    const read = readTopologyText({ name: fileName, text }, { existing: null, random });
    if (!read.ok) throw new AppError("SCHEMA", `${fileName} is no topology: ${problems(read.error)}`);
    return { name: read.value.name ?? stem, document: read.value.topology };
  }
  if (typeof parsed === "object" && parsed !== null && "document" in parsed) {
    const { name, document: topology, layout } = parsed as { name?: unknown; document: unknown; layout?: unknown };
    return { name: typeof name === "string" ? name : stem, document: topology, ...(layout === undefined ? {} : { layout }) };
  }
  return { name: stem, document: parsed };
}

/** By names, not by ids: then its VPCs are no list. */
const isTopologyFile = (parsed: unknown): boolean =>
  typeof parsed === "object" && parsed !== null && !("schemaVersion" in parsed) && "vpcs" in parsed && !Array.isArray(parsed.vpcs);

/** The first things that are wrong, each with its line. */
export const problems = (issues: readonly FileIssue[]): string =>
  issues.slice(0, 3).map(({ message, position }) => `line ${position.line}: ${message}`).join(" ") + (issues.length > 3 ? ` And ${issues.length - 3} more.` : "");

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError("JSON_SYNTAX", `${fileName} is not valid JSON: choose a topology that was exported as JSON or YAML.`, { cause });
  }
}
