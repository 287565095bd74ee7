import type { RandomBytes } from "../topology/ids";
import { inOrder } from "../topology/order";
import { type Topology, TopologySchema } from "../topology/topology";
import { writeTopologyFile } from "../file/write-topology-file";
import { mergeIntoDocument } from "./merge-into-document";
import { isJson, readTopologyText } from "./read-topology-text";
import type { Source } from "./source";
import { documentText, jsonText, yamlText } from "./topology-text";

export interface UpdatedText {
  readonly text: string;
  /** Comments and order of the file were kept; false: it is written anew. */
  readonly kept: boolean;
}

/** The text of a file that is there, changed so far that it means this topology. What cannot be read is written anew. */
export function updateTopologyText(source: Source, topology: Topology, name: string | null, random: RandomBytes): UpdatedText {
  const whole = writeTopologyFile(topology, name);
  const anew = { text: isJson(source) ? jsonText(whole) : yamlText(whole), kept: false };
  const read = readTopologyText(source, { existing: topology, random });
  if (!read.ok) return anew;
  // A file without a name stays one.
  const fileName = read.value.name === null ? null : name;
  const wanted = writeTopologyFile(topology, fileName);
  const means = writeTopologyFile(read.value.topology, read.value.name);
  if (JSON.stringify(means) === JSON.stringify(wanted)) return { text: source.text, kept: true };
  if (isJson(source)) return { text: jsonText(wanted), kept: true };
  const { document } = read.value.parsed;
  mergeIntoDocument(document, { means, wanted });
  const text = documentText(document, source.text);
  const again = readTopologyText({ name: source.name, text }, { existing: topology, random });
  // What was read stands in the order of the schema; what gestures made may not.
  const isRight = again.ok && again.value.name === fileName && JSON.stringify(again.value.topology) === JSON.stringify(inOrder(TopologySchema.parse(topology)));
  return isRight ? { text, kept: true } : anew;
}
