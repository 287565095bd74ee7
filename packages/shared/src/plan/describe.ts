import { instanceNamespace } from "../net/namespace-name";
import { cidrFrom, formatAddress } from "../net/cidr";
import { gatewayAddress } from "../net/subnet-addresses";
import type { ObjectByKind, ObjectKind, Topology } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import { findObject, indexTopology, objectsOf } from "../topology/topology-index";
import { compileTopology, transitObjects } from "./compile";
import type { CompileContext } from "./compile-context";
import { HOST_OBJECT_ID } from "./compile-host";
import { planChanges } from "./plan";
import type { HostNaming } from "./render";
import { commandOf } from "./render";
import type { ChangeKind, PlannedChange, PlanPreview, Step } from "./step";
import { allocateSlots } from "./transit";

/** The documents a plan leads between; null is nothing. The topology's name is part of its namespaces' names. */
export interface PlanEnds {
  readonly topologyName: string;
  readonly before: Topology | null;
  readonly after: Topology | null;
}

/** Steps grouped by drawn object, containers first, each with a sentence and its commands: what the page shows. */
export function describePlan(steps: readonly Step[], ends: PlanEnds, basis: PlanPreview["basis"], naming?: HostNaming): PlanPreview {
  const byObject = new Map<string, Step[]>();
  for (const step of steps) {
    const group = byObject.get(step.owner.objectId);
    if (group) group.push(step);
    else byObject.set(step.owner.objectId, [step]);
  }
  const order = [...objectOrder(ends.after), ...objectOrder(ends.before), HOST_OBJECT_ID];
  const ids = [...new Set([...order.filter((id) => byObject.has(id)), ...byObject.keys()])];
  const changes = ids.map((id) => describeObject(id, byObject.get(id) ?? [], ends, naming));
  return { changes, steps: steps.length, basis };
}

const objectOrder = (doc: Topology | null): string[] => (doc ? [...objectsOf(doc)].map(({ object }) => object.id) : []);

function describeObject(id: string, steps: readonly Step[], ends: PlanEnds, naming?: HostNaming): PlannedChange {
  const commands = steps.map((step) => commandOf(step, naming));
  const after = ends.after && findObject(ends.after, id);
  const before = ends.before && findObject(ends.before, id);
  const doc = after ? ends.after : ends.before;
  const found = after ?? before;
  if (!found || !doc) {
    const sentence = id === HOST_OBJECT_ID ? "Keeps the host closed to the VPCs and lets their gateways out by its uplink." : "Removes what is left of a deleted object.";
    return { objectId: id, kind: id === HOST_OBJECT_ID ? "change" : "remove", name: id, sentence, commands };
  }
  const kind: ChangeKind = !after ? "remove" : before && !steps.some(makesTheObject) ? "change" : "create";
  const index = indexTopology(doc);
  const name = readableName(found.kind, found.object as never, index);
  const sentence = sentenceFor(kind, found.kind, found.object as never, { index, topologyName: ends.topologyName });
  return { objectId: id, kind, name, sentence, commands };
}

const makesTheObject = (step: Step): boolean => step.action === "netns-add" || step.action === "bridge-add" || step.action === "veth-add";

/** Name with its place, e.g. `vpc1/public/main`. */
function readableName<K extends ObjectKind>(kind: K, object: ObjectByKind[K], index: TopologyIndex): string {
  if (kind === "subnet") return `${index.vpcById.get((object as ObjectByKind["subnet"]).vpcId)?.name ?? "?"}/${object.name}`;
  if (kind !== "instance") return object.name;
  const subnet = index.subnetById.get((object as ObjectByKind["instance"]).subnetId);
  return `${index.vpcById.get(subnet?.vpcId ?? "")?.name ?? "?"}/${subnet?.name ?? "?"}/${object.name}`;
}

interface Surroundings {
  readonly index: TopologyIndex;
  readonly topologyName: string;
}

function sentenceFor<K extends ObjectKind>(change: ChangeKind, kind: K, object: ObjectByKind[K], around: Surroundings): string {
  if (change === "remove") return REMOVES[kind];
  const what = WHAT[kind](object, around);
  return change === "create" ? `Makes ${what}.` : `Changes ${what}.`;
}

const REMOVES: Record<ObjectKind, string> = {
  vpc: "Removes the VPC's router namespace with everything in it.",
  subnet: "Removes the subnet's bridge, routes and rules.",
  instance: "Ends the instance's processes and removes its namespace.",
  "internet-gateway": "Cuts the VPC off the internet.",
  peering: "Removes the link between the two VPCs and its routes.",
};

const WHAT: { [K in ObjectKind]: (object: ObjectByKind[K], around: Surroundings) => string } = {
  vpc: (vpc) => `a router namespace for ${vpc.cidr} that forwards between its subnets and drops what nothing allows`,
  subnet: (subnet) => `a bridge for ${subnet.cidr} with the router at ${formatAddress(gatewayAddress(cidrFrom(subnet.cidr)))}, ${subnet.type === "public" ? "with a default route to the internet gateway" : "with no way out of the VPC"}`,
  instance: (instance, { index, topologyName }) => {
    const subnet = index.subnetById.get(instance.subnetId);
    const vpc = index.vpcById.get(subnet?.vpcId ?? "");
    const namespace = instanceNamespace(topologyName, vpc?.name ?? "?", subnet?.name ?? "?", instance.name);
    return `namespace ${namespace} at ${instance.address}${instance.webServer ? ` with a web server on port ${instance.webServer.port}` : ""}`;
  },
  "internet-gateway": (gateway, { index }) => `a way from ${index.vpcById.get(gateway.vpcId)?.name ?? "the VPC"}'s public subnets to the internet, by the host's address`,
  peering: (peering, { index }) => {
    const name = (id: string) => index.vpcById.get(id)?.name ?? "?";
    return `a direct link between ${name(peering.requesterVpcId)} and ${name(peering.accepterVpcId)}, with routes on both sides`;
  },
};

/** The commands that make one object of a document from nothing, in order: “show me the Linux”. */
export function linuxCommandsFor(doc: Topology, context: CompileContext, objectId: string, naming?: HostNaming): string[] {
  return planChanges(compileTopology(doc, context), {}, context)
    .filter((step) => step.owner.objectId === objectId)
    .map((step) => commandOf(step, naming));
}

/** A context for showing what a document would become where no agent has allocated anything yet. */
export function previewContext(doc: Topology, topology: { id: string; name: string }): CompileContext {
  return {
    agentId: "agent",
    topologyId: topology.id,
    topologyName: topology.name,
    slots: allocateSlots({}, transitObjects(doc)) ?? {},
    host: { uplink: "uplink0", uplinkForwardingBefore: "0", otherGatewayLinks: [] },
  };
}
