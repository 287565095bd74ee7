import type { PlanPreview } from "@vpclab/shared/plan/step";
import { FRAME_BYTES_MAX } from "@vpclab/shared/wire/messages";
import type { OutgoingMessage } from "./outgoing-message";

/**
 * The server closes a connection over a frame that is too large, so what does not fit is made smaller: least important
 * first, and never the states themselves.
 */
const ROOM_BYTES = FRAME_BYTES_MAX - 4096;
const COMMAND_CHARS_MAX = 20_000;
const CHANGES_MAX = 5000;
const COUNTERS_PER_FRAME = 2500;

type OfType<T extends OutgoingMessage["type"]> = Extract<OutgoingMessage, { type: T }>;
type Deployment = OfType<"deployment">["deployment"];

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** A message as one or more frames' texts. */
export function framesOf(message: OutgoingMessage): string[] {
  const text = JSON.stringify(message);
  return Buffer.byteLength(text) <= ROOM_BYTES ? [text] : smaller(message).map((part) => JSON.stringify(part));
}

function smaller(message: OutgoingMessage): OutgoingMessage[] {
  switch (message.type) {
    case "plan-done": return [{ ...message, plan: fitPlan(message.plan) }];
    case "inventory": return fitInventory(message);
    case "deployment": case "job-done": return [{ ...message, deployment: withoutReasons(message.deployment) }];
    case "objects": return [{ ...message, objects: withoutReasons({ ...NOTHING, objects: message.objects }).objects }];
    case "counters": return splitCounters(message);
    case "activity": return [{ ...message, entry: fitEntry(message.entry) }];
    default: return [message];
  }
}

/** Commands are cut to what the message may hold; a plan that is too large keeps every change and its sentence, and loses commands from the end. */
export function fitPlan(plan: PlanPreview): PlanPreview {
  const cut = {
    ...plan,
    changes: plan.changes.slice(0, CHANGES_MAX).map((change) => ({ ...change, commands: change.commands.slice(0, CHANGES_MAX).map(cutCommand) })),
  };
  if (bytesOf(cut) <= ROOM_BYTES) return cut;
  let left = ROOM_BYTES - bytesOf({ ...cut, changes: cut.changes.map((change) => ({ ...change, commands: omitted(change.commands) })) });
  const changes = cut.changes.map((change) => {
    const size = bytesOf(change.commands);
    if (size > left) return { ...change, commands: omitted(change.commands) };
    left -= size;
    return change;
  });
  return { ...cut, changes };
}

/** An entry keeps its first commands, as many as fit, and says how many more there were. */
function fitEntry(entry: OfType<"activity">["entry"]): OfType<"activity">["entry"] {
  let left = ROOM_BYTES - bytesOf({ type: "activity", entry: { ...entry, commands: [] } });
  const end = entry.commands.findIndex((command) => (left -= bytesOf(command) + 1) < 0);
  return end < 0 ? entry : { ...entry, commands: entry.commands.slice(0, end), commandsLeftOut: entry.commandsLeftOut + entry.commands.length - end };
}

const omitted = (commands: readonly string[]): string[] => [`# ${commands.length} commands are not shown here: the plan is too large`];

function cutCommand(command: string): string {
  const note = "\n# … cut here: the command is too long to be shown";
  return command.length <= COMMAND_CHARS_MAX ? command : command.slice(0, COMMAND_CHARS_MAX - note.length) + note;
}

/** Topologies whose objects do not fit are told in full by messages of their own right after the inventory. */
export function fitInventory({ topologies, ...rest }: OfType<"inventory">): OutgoingMessage[] {
  const bare = topologies.map((topology) => ({ ...topology, deployment: { ...topology.deployment, objects: {} } }));
  let left = ROOM_BYTES - bytesOf({ ...rest, topologies: bare });
  const later: OutgoingMessage[] = [];
  const fitted = topologies.map((topology, i) => {
    const size = bytesOf(topology.deployment.objects);
    if (size <= left) {
      left -= size;
      return topology;
    }
    later.push({ type: "deployment", topologyId: topology.topologyId, deployment: topology.deployment });
    return bare[i] ?? topology;
  });
  return [{ ...rest, topologies: fitted }, ...later.map((message) => (bytesOf(message) <= ROOM_BYTES ? message : smaller(message)[0] ?? message))];
}

const NOTHING: Deployment = { state: "unknown", revision: 0, generation: 0, objects: {}, publicAddresses: {} };

const withoutReasons = (deployment: Deployment): Deployment => ({
  ...deployment, objects: Object.fromEntries(Object.entries(deployment.objects).map(([id, { state }]) => [id, { state }])),
});

function splitCounters({ at, topologies }: OfType<"counters">): OutgoingMessage[] {
  const all = Object.entries(topologies).flatMap(([topologyId, counters]) => Object.entries(counters).map(([objectId, counter]) => ({ topologyId, objectId, counter })));
  const parts = Array.from({ length: Math.ceil(all.length / COUNTERS_PER_FRAME) }, (_, i) => all.slice(i * COUNTERS_PER_FRAME, (i + 1) * COUNTERS_PER_FRAME));
  return parts.map((part): OutgoingMessage => {
    const found: Record<string, Record<string, (typeof part)[number]["counter"]>> = {};
    for (const { topologyId, objectId, counter } of part) (found[topologyId] ??= {})[objectId] = counter;
    return { type: "counters", at, topologies: found };
  });
}
