import { cidrFrom } from "../net/cidr";
import type { ObjectKind, Topology, TopologyObject } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import { indexTopology, objectsOf } from "../topology/topology-index";
import { kindOfId } from "../topology/ids";
import { compileTopology, transitObjects } from "./compile";
import type { CompileContext } from "./compile-context";
import { HOST_OBJECT_ID } from "./compile-host";
import { readableName, sentenceFor } from "./describe-object";
import { planChanges } from "./plan";
import { allocatePublicAddresses, publicAddressOwners } from "./public-addresses";
import type { HostNaming } from "./render";
import { commandOf } from "./render";
import { valueKey } from "./same-nft";
import type { ChangeKind, PlannedChange, PlanPreview, Step } from "./step";
import { allocateSlots } from "./transit";

/** The documents a plan leads between; null is nothing. The topology's name is part of its namespaces' names. */
export interface PlanEnds {
  readonly topologyName: string;
  readonly before: Topology | null;
  readonly after: Topology | null;
}

/**
 * Steps grouped by drawn object, containers first, each with a sentence and its commands: what the page shows. Rules of
 * groups, ACLs and firewalls are carried out in the namespaces of others; what of those was drawn anew is listed without commands.
 */
export function describePlan(steps: readonly Step[], ends: PlanEnds, basis: PlanPreview["basis"], naming?: HostNaming): PlanPreview {
  const byObject = new Map<string, Step[]>();
  for (const step of steps) {
    const group = byObject.get(step.owner.objectId);
    if (group) group.push(step);
    else byObject.set(step.owner.objectId, [step]);
  }
  const before = new DrawnObjects(ends.before);
  const after = new DrawnObjects(ends.after);
  const order = [...after.ids, ...before.ids, HOST_OBJECT_ID];
  const listed = order.filter((id) => byObject.has(id) || isDrawnAnew(id, before, after));
  const ids = [...new Set([...listed, ...byObject.keys()])];
  const changes = ids.map((id) => describeObject(id, byObject.get(id) ?? [], { before, after, topologyName: ends.topologyName }, naming));
  return { changes, steps: steps.length, basis };
}

/** Kinds whose objects show in the kernel inside others only, or not on every host. */
const REALISED_IN_OTHERS: readonly ObjectKind[] = ["elastic-ip", "route-table", "security-group", "network-acl"];

interface Drawn {
  readonly kind: ObjectKind;
  readonly object: TopologyObject;
}

class DrawnObjects {
  readonly index: TopologyIndex | null;
  private readonly byId: ReadonlyMap<string, Drawn>;

  constructor(doc: Topology | null) {
    this.index = doc && indexTopology(doc);
    this.byId = new Map(doc ? [...objectsOf(doc)].map(({ kind, object }) => [object.id, { kind, object }]) : []);
  }

  get ids(): readonly string[] {
    return [...this.byId.keys()];
  }

  find(id: string): (Drawn & { readonly index: TopologyIndex }) | null {
    const found = this.byId.get(id);
    return found && this.index ? { ...found, index: this.index } : null;
  }
}

function isDrawnAnew(id: string, before: DrawnObjects, after: DrawnObjects): boolean {
  const [old, now] = [before.find(id), after.find(id)];
  const kind = (now ?? old)?.kind;
  // A changed firewall is carried out in the subnet's instances.
  if (old?.kind === "subnet" && now?.kind === "subnet") return valueKey(firewallOf(old.object)) !== valueKey(firewallOf(now.object));
  return kind !== undefined && REALISED_IN_OTHERS.includes(kind) && valueKey(old?.object ?? null) !== valueKey(now?.object ?? null);
}

const firewallOf = (object: TopologyObject) => ("firewall" in object ? object.firewall : null);

interface DescribedEnds {
  readonly before: DrawnObjects;
  readonly after: DrawnObjects;
  readonly topologyName: string;
}

function describeObject(id: string, steps: readonly Step[], ends: DescribedEnds, naming?: HostNaming): PlannedChange {
  const commands = steps.map((step) => shown(commandOf(step, naming)));
  const [before, after] = [ends.before.find(id), ends.after.find(id)];
  const found = after ?? before;
  if (!found) {
    const isHost = id === HOST_OBJECT_ID;
    const sentence = isHost ? "Keeps the host closed to the VPCs and lets their gateways out by its uplink." : "Removes what is left of a deleted object.";
    return { objectId: id, kind: isHost ? "change" : "remove", name: id, sentence, commands };
  }
  const kind: ChangeKind = !after ? "remove" : before && !steps.some(makesTheObject) ? "change" : "create";
  const name = readableName(found.kind, found.object as never, found.index);
  const sentence = sentenceFor(kind, found.kind, found.object as never, { index: found.index, topologyName: ends.topologyName });
  return { objectId: id, kind, name, sentence, commands };
}

/** A rule set may be longer than anybody reads, and than a message takes (wire/messages.ts). */
const SHOWN_CHARS_MAX = 16_000;

function shown(command: string): string {
  if (command.length <= SHOWN_CHARS_MAX) return command;
  const lines = command.slice(0, SHOWN_CHARS_MAX).split("\n").slice(0, -1);
  return [...lines, `# … ${command.split("\n").length - lines.length} lines more`].join("\n");
}

/** A VPC is its namespace; a link of its own comes and goes with the host's way in. */
const makesTheObject = ({ action, owner }: Step): boolean =>
  action === "netns-add" || action === "bridge-add" || (action === "veth-add" && kindOfId(owner.objectId) !== "vpc");

/** The commands that make one object of a document from nothing, in order: “show me the Linux”. */
export function linuxCommandsFor(doc: Topology, context: CompileContext, objectId: string, naming?: HostNaming): string[] {
  return planChanges(compileTopology(doc, context), {}, context)
    .filter((step) => step.owner.objectId === objectId)
    .map((step) => commandOf(step, naming));
}

/** The pool that a preview gives addresses of: the sandbox's. */
const PREVIEW_POOL = cidrFrom("198.51.100.128/25");

/**
 * A context for showing what a document would become where no agent has allocated anything yet. `remoteRouters` is empty: a
 * peering with another topology is shown as while that one is away.
 */
export function previewContext(doc: Topology, topology: { id: string; name: string }, publicPool = true): CompileContext {
  return {
    agentId: "agent",
    topologyId: topology.id,
    topologyName: topology.name,
    slots: allocateSlots({}, transitObjects(doc)) ?? {},
    publicAddresses: publicPool ? allocatePublicAddresses(PREVIEW_POOL, {}, publicAddressOwners(doc)) : {},
    remoteRouters: {},
    host: { uplink: "uplink0", uplinkForwardingBefore: "0", publicPool, otherGateways: [], otherAccessLinks: [], closedVpcs: [], dnsUpstreams: [] },
  };
}
