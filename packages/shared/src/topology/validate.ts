import type { Issue } from "../errors/issue";
import { isError } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import type { Topology } from "./topology";
import { TopologySchema } from "./topology";
import { indexTopology } from "./topology-index";
import { validateAddresses } from "./validate-addresses";
import { validateGraph } from "./validate-graph";
import { validateNames } from "./validate-names";
import { issuesOfSchema } from "./schema-issues";

/**
 * Every rule a topology must keep (AWS-VPC's, plus what the kernel needs), as a list of issues: errors refuse the document,
 * warnings are hints. The browser, the server and the agent call this same function.
 */
export function validateTopology(doc: Topology): Issue[] {
  const graph = validateGraph(doc);
  // Names and addresses look up parents: with broken references they would only repeat the complaint.
  if (graph.some(isError)) return graph;
  const index = indexTopology(doc);
  return [...graph, ...validateNames(doc, index), ...validateAddresses(doc, index)];
}

/** Unknown input to a valid topology, or everything that is wrong with it. Warnings do not refuse. */
export function parseTopology(input: unknown): Result<Topology, Issue[]> {
  const parsed = TopologySchema.safeParse(input);
  if (!parsed.success) return err(issuesOfSchema(parsed.error));
  const errors = validateTopology(parsed.data).filter(isError);
  return errors.length > 0 ? err(errors) : ok(parsed.data);
}
