import { readTopologyFile } from "../file/read-topology-file";
import { applyEdit } from "../topology/edit";
import type { RandomBytes } from "../topology/ids";
import type { Layout } from "../topology/layout";
import type { Topology } from "../topology/topology";
import { templateOf, type TemplateName } from "./template-catalog";
import { TEMPLATE_FILES } from "./template-files";
import { twoVpcLab } from "./two-vpc-lab";

/** A new topology of a template, with what it is for as its note. The labs of the tools before need no words. */
export function buildTemplate(name: TemplateName, random: RandomBytes): { document: Topology; layout: Layout } {
  if (name === "two-vpc" || name === "two-vpc-peered") return { document: twoVpcLab({ peered: name === "two-vpc-peered" }, random), layout: {} };
  const read = readTopologyFile(TEMPLATE_FILES[name], { existing: null, random });
  if (!read.ok) throw new Error(`template ${name}: ${read.error.map((issue) => issue.message).join(" ")}`);
  const { group, text, places = {} } = templateOf(name);
  if (group === "start") return { document: read.value.topology, layout: {} };
  const noted = applyEdit(read.value.topology, { op: "settings", set: { note: text } });
  if (!noted.ok) throw new Error(`template ${name}: ${noted.error.map((issue) => issue.message).join(" ")}`);
  const { document } = noted.value;
  const layout = Object.fromEntries(document.vpcs.flatMap(({ id, name: vpc }) => (places[vpc] ? [[id, places[vpc]] as const] : [])));
  return { document, layout };
}
