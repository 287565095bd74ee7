import type { Issue } from "../errors/issue";
import { isError } from "../errors/issue";
import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { inOrder } from "./order";
import type { Topology } from "./topology";
import { TopologySchema } from "./topology";
import { indexTopology } from "./topology-index";
import { upgradeTopology } from "./upgrade";
import { validateAddresses, validateBlocks } from "./validate-addresses";
import { validateFirewalls } from "./validate-firewalls";
import { validateGraph } from "./validate-graph";
import { hints } from "./validate-hints";
import { validateHostAccess } from "./validate-host-access";
import { validateNames } from "./validate-names";
import { validatePorts } from "./validate-ports";
import { validateRoutes } from "./validate-routes";
import { validateRules } from "./validate-rules";
import { validateTexts } from "./validate-text";
import { issuesOfSchema } from "./schema-issues";

/**
 * Every rule a topology must keep (AWS-VPC's, plus what the kernel needs), as a list of issues: errors refuse the document,
 * warnings are hints. The browser, the server and the agent call this same function.
 */
export function validateTopology(doc: Topology): Issue[] {
  const index = indexTopology(doc);
  const graph = validateGraph(doc, index);
  // Everything else looks up parents: with broken references it would only repeat the complaint.
  if (graph.some(isError)) return graph;
  const single = [...validateNames(doc, index), ...validatePorts(doc), ...validateTexts(doc), ...validateRules(doc, index), ...validateFirewalls(doc)];
  const blocks = validateBlocks(doc);
  // Containment, overlap and routes mean something only for blocks that parse.
  if (blocks.length > 0) return [...single, ...blocks];
  const addresses = [...validateAddresses(doc, index), ...validateHostAccess(doc)];
  const issues = [...single, ...addresses, ...(addresses.length > 0 ? [] : validateRoutes(doc, index))];
  return issues.some(isError) ? issues : [...issues, ...hints(doc, index)];
}

/**
 * Unknown input (also a document of an older schema) to a valid topology, or everything that is wrong with it. Warnings do not
 * refuse. Paths are those of the input; the topology's objects are in order of id.
 */
export function parseTopology(input: unknown): Result<Topology, Issue[]> {
  const parsed = TopologySchema.safeParse(upgradeTopology(input));
  if (!parsed.success) return err(issuesOfSchema(parsed.error));
  const errors = validateTopology(parsed.data).filter(isError);
  return errors.length > 0 ? err(errors) : ok(inOrder(parsed.data));
}
