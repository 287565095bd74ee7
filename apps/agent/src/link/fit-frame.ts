import type { PlanPreview } from "@vpclab/shared/plan/step";
import { FRAME_BYTES_MAX } from "@vpclab/shared/wire/messages";
import type { OutgoingMessage } from "./outgoing-message";

/** Room for the message around what is fitted. */
const BUDGET_BYTES = FRAME_BYTES_MAX - 16 * 1024;
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/**
 * A plan that fits into a frame: every object keeps its change and its sentence, and the commands are cut from the end, with
 * a comment in their place that says so.
 */
export function fitPlan(plan: PlanPreview): PlanPreview {
  if (bytesOf(plan) <= BUDGET_BYTES) return plan;
  let left = BUDGET_BYTES - bytesOf({ ...plan, changes: plan.changes.map((change) => ({ ...change, commands: [omitted(change.commands.length)] })) });
  const changes = plan.changes.map((change) => {
    const size = bytesOf(change.commands);
    if (size > left) return { ...change, commands: [omitted(change.commands.length)] };
    left -= size;
    return change;
  });
  return { ...plan, changes };
}

const omitted = (count: number): string => `# ${count} commands are not shown here: the plan is too large`;

type Inventory = Extract<OutgoingMessage, { type: "inventory" }>;

/** An inventory in one frame; topologies whose objects do not fit are told in full by messages of their own right after it. */
export function fitInventory(topologies: Inventory["topologies"]): OutgoingMessage[] {
  let left = BUDGET_BYTES;
  const later: OutgoingMessage[] = [];
  const fitted = topologies.map((topology) => {
    const size = bytesOf(topology);
    if (size <= left - 300 * topologies.length) {
      left -= size;
      return topology;
    }
    later.push({ type: "deployment", topologyId: topology.topologyId, deployment: topology.deployment });
    return { ...topology, deployment: { ...topology.deployment, objects: {} } };
  });
  return [{ type: "inventory", topologies: fitted }, ...later];
}
