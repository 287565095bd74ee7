import type { Result } from "@vpclab/shared/errors/result";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { EditCommand, SingleCommand } from "@vpclab/shared/topology/edit-command";
import { newRuleId } from "@vpclab/shared/topology/ids";
import { newNatGateway, type NewObject, newRouteTable, newSubnet } from "@vpclab/shared/topology/new-object";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { PublishedPort, Topology, Vpc } from "@vpclab/shared/topology/topology";
import type { Random } from "./random";

const EVERYWHERE = "0.0.0.0/0";
const NAT_SHARE = 0.3;
const MIDDLEBOX_SHARE = 0.2;
const PUBLISHED_SHARE = 0.5;
const PUBLISHED_PORTS = [80, 443, 5000];
const HOST_ACCESS_SHARE = 0.4;

/**
 * Adds what random drawing seldom puts together so that packets get through: a private subnet that goes out by a NAT gateway
 * or a middlebox of another subnet, and published ports that groups let in. The host's own way into a VPC must change nothing.
 */
export function enriched(document: Topology, random: Random): Topology {
  let doc = document;
  for (const vpc of document.vpcs) {
    if (random.chance(NAT_SHARE)) doc = withWayOut(doc, vpc, random, natGatewayIn(random));
    if (random.chance(MIDDLEBOX_SHARE)) doc = withWayOut(doc, vpc, random, middleboxIn);
    // Refused beside a VPC with the same addresses.
    if (random.chance(HOST_ACCESS_SHARE)) doc = edited(doc, { op: "update", kind: "vpc", id: vpc.id, set: { reachableFromHost: true } }) ?? doc;
  }
  return random.chance(PUBLISHED_SHARE) ? withPublishedPort(doc, random) : doc;
}

/** What stands between: its id and kind, and the document that has it. */
type Forwarder = (subnetId: string, doc: Topology) => { readonly doc: Topology; readonly target: { readonly kind: "nat-gateway" | "instance"; readonly id: string } } | null;

function withWayOut(document: Topology, vpc: Vpc, random: Random, forwarder: Forwarder): Topology {
  const open = added(document, newSubnet(document, vpc.id, "public", random.bytes));
  const forwarding = open && forwarder(open.id, open.doc);
  const inner = forwarding && added(forwarding.doc, newSubnet(forwarding.doc, vpc.id, "private", random.bytes));
  const table = inner && added(inner.doc, newRouteTable(inner.doc, vpc.id, random.bytes));
  if (!forwarding || !inner || !table) return document;
  return edited(table.doc, {
    op: "batch", commands: [
      { op: "update", kind: "route-table", id: table.id, set: { routes: [{ destination: EVERYWHERE, target: forwarding.target }] } },
      { op: "update", kind: "subnet", id: inner.id, set: { routeTableId: table.id } },
    ],
  }) ?? document;
}

const natGatewayIn = (random: Random): Forwarder => (subnetId, doc) => {
  const made = added(doc, newNatGateway(doc, subnetId, random.bytes));
  return made && { doc: made.doc, target: { kind: "nat-gateway", id: made.id } };
};

const middleboxIn: Forwarder = (subnetId, doc) => {
  const instance = doc.instances.find((candidate) => candidate.subnetId === subnetId);
  const open = instance && edited(doc, { op: "update", kind: "instance", id: instance.id, set: { sourceDestCheck: false } });
  return instance && open ? { doc: open, target: { kind: "instance", id: instance.id } } : null;
};

/** A port of an instance in one of its groups' first rule, and of the host. */
function withPublishedPort(doc: Topology, random: Random): Topology {
  const index = indexTopology(doc);
  const candidates = doc.instances.filter(({ subnetId }) => index.subnetById.get(subnetId)?.autoAssignPublicAddress);
  if (candidates.length === 0) return doc;
  const instance = random.pick(candidates);
  const port = random.pick(PUBLISHED_PORTS);
  const published: PublishedPort = { protocol: random.pick(["tcp", "udp"]), hostPort: 10_000 + random.below(10_000), port };
  const group = index.groupById.get(instance.securityGroupIds[0] ?? "");
  const rule = { id: newRuleId(random.bytes), direction: "ingress", protocol: published.protocol, ports: { from: port, to: port }, peer: { cidr: EVERYWHERE }, description: "" } as const;
  const commands: SingleCommand[] = [{ op: "update", kind: "instance", id: instance.id, set: { publishedPorts: [...instance.publishedPorts, published] } }];
  if (group) commands.push({ op: "update", kind: "security-group", id: group.id, set: { rules: [...group.rules, rule] } });
  return edited(doc, { op: "batch", commands }) ?? doc;
}

/** null: it is refused. */
function edited(doc: Topology, command: EditCommand): Topology | null {
  const done = applyEdit(doc, command);
  return done.ok ? done.value.document : null;
}

function added(doc: Topology, made: NewObject | Result<NewObject, unknown>): { readonly id: string; readonly doc: Topology } | null {
  if ("ok" in made && !made.ok) return null;
  const { id, command } = "ok" in made ? made.value : made;
  const done = edited(doc, command);
  return done && { id, doc: done };
}
