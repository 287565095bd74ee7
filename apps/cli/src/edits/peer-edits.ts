import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { ok } from "@vpclab/shared/errors/result";
import { cidrFrom, containsCidr, parseCidr } from "@vpclab/shared/net/cidr";
import type { SingleCommand } from "@vpclab/shared/topology/edit-command";
import { newBarePeering } from "@vpclab/shared/topology/new-object";
import { letPeersIn } from "@vpclab/shared/topology/peering-access";
import type { Peering, Topology, Vpc } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { commandsOf, NO_CHANGE, random, refuse, together, type Edit } from "./edit";
import { find } from "./place";

export interface PeerOptions {
  readonly vpc: string;
  readonly peer: string;
  readonly name: string | null;
  /** Routes to each other in every table and rules in both default groups; without them the peering only stands there. */
  readonly withAccess: boolean;
}

/** An active peering. One that is there already gets the access that it lacks. */
export const createPeering = ({ vpc, peer, name, withAccess }: PeerOptions): Edit => (doc) => {
  const ends = bothVpcs(doc, vpc, peer);
  if (!ends.ok) return ends;
  const [a, b] = ends.value;
  const existing = peeringBetween(doc, a.id, b.id);
  if (existing && name !== null && existing.name !== name) {
    return refuse("CONFLICT", `“${a.name}” and “${b.name}” are peered already, by “${existing.name}”; delete that peering first.`);
  }
  if (existing) return existing.status === "pending-acceptance" ? acceptPeering(existing.id)(doc) : withAccess ? ok(together(letPeersIn(doc, existing, random))) : NO_CHANGE;
  const { id, command } = newBarePeering(doc, a.id, b.id, random);
  const named = commandsOf(command).map((made): SingleCommand =>
    made.op === "create" && made.kind === "peering" && name !== null ? { ...made, object: { ...made.object, name } } : made);
  const access = withAccess ? letPeersIn(doc, { id, requesterVpcId: a.id, accepterVpcId: b.id }, random) : [];
  return ok(together([...named, ...access]));
};

export function bothVpcs(doc: Topology, vpc: string, peer: string): Result<readonly [Vpc, Vpc], Issue[]> {
  const a = find(doc, "vpc", { name: vpc });
  if (!a.ok) return a;
  const b = find(doc, "vpc", { name: peer });
  return b.ok ? ok([a.value, b.value]) : b;
}

/** The one that counts: rejected and deleted ones are history. */
export const peeringBetween = (doc: Topology, a: string, b: string): Peering | undefined =>
  doc.peerings.find((peering) => (peering.status === "active" || peering.status === "pending-acceptance") &&
    [peering.requesterVpcId, peering.accepterVpcId].every((id) => id === a || id === b));

/** Of a request within this topology; one from another topology is answered there, because both documents change. */
export const acceptPeering = (name: string): Edit => answer(name, "active");
export const rejectPeering = (name: string): Edit => answer(name, "rejected");

const answer = (name: string, status: "active" | "rejected"): Edit => (doc) => {
  const found = find(doc, "peering", { name });
  if (!found.ok) return found;
  const peering = found.value;
  if (peering.remote) return refuse("CONFLICT", `“${peering.name}” is with topology “${peering.remote.topologyName}”: answer it on the page, which changes both drawings.`);
  if (peering.status === status) return NO_CHANGE;
  if (peering.status !== "pending-acceptance") return refuse("CONFLICT", `“${peering.name}” is ${peering.status}, so there is nothing to answer; request it again.`);
  const access = status === "active" ? letPeersIn(doc, peering, random) : [];
  return ok(together([{ op: "update", kind: "peering", id: peering.id, set: { status } }, ...access]));
};

export interface PeerNames {
  /** A peering's name, or one of the two VPCs. */
  readonly name: string;
  readonly peer: string | null;
}

/** The peering, the routes that led by it and the rules that let its ends in: nothing of it is left. */
export const deletePeering = ({ name, peer }: PeerNames): Edit => (doc) => {
  const found = findPeering(doc, { name, peer });
  return found.ok ? ok(together([...withoutAccess(doc, found.value), { op: "delete", id: found.value.id }])) : found;
};

export function findPeering(doc: Topology, { name, peer }: PeerNames): Result<Peering, Issue[]> {
  if (peer === null) return find(doc, "peering", { name });
  const ends = bothVpcs(doc, name, peer);
  if (!ends.ok) return ends;
  const between = peeringBetween(doc, ends.value[0].id, ends.value[1].id);
  return between ? ok(between) : refuse("NOT_FOUND", `“${ends.value[0].name}” and “${ends.value[1].name}” are not peered.`);
}

/** Takes away routes by the peering, and rules that let all traffic in from the other end. */
export function withoutAccess(doc: Topology, peering: Pick<Peering, "id" | "requesterVpcId" | "accepterVpcId">, spared: readonly string[] = []): SingleCommand[] {
  const { vpcById } = indexTopology(doc);
  const other = (vpcId: string) => vpcById.get(vpcId === peering.requesterVpcId ? peering.accepterVpcId : peering.requesterVpcId);
  const ends = [peering.requesterVpcId, peering.accepterVpcId].filter((id) => !spared.includes(id));
  const tables = doc.routeTables.filter(({ vpcId }) => ends.includes(vpcId)).flatMap((table): SingleCommand[] => {
    const routes = table.routes.filter(({ target }) => target.id !== peering.id);
    return routes.length === table.routes.length ? [] : [{ op: "update", kind: "route-table", id: table.id, set: { routes } }];
  });
  const groups = doc.securityGroups.filter(({ vpcId }) => ends.includes(vpcId)).flatMap((group): SingleCommand[] => {
    const from = other(group.vpcId);
    const rules = group.rules.filter((rule) => !(from && rule.direction === "ingress" && rule.protocol === "all" &&
      "cidr" in rule.peer && containsCidr(cidrFrom(from.cidr), cidrFrom(rule.peer.cidr))));
    return rules.length === group.rules.length ? [] : [{ op: "update", kind: "security-group", id: group.id, set: { rules } }];
  });
  return [...tables, ...groups];
}

/** Nothing passes between two VPCs: no peering is no way at all, and one that is there loses its routes and rules. */
export const isolateVpcs = (cidrA: string, cidrB: string): Edit => (doc) => {
  const [a, b] = [vpcOfCidr(doc, cidrA), vpcOfCidr(doc, cidrB)];
  if (!a.ok) return a;
  if (!b.ok) return b;
  const between = peeringBetween(doc, a.value.id, b.value.id);
  return between ? ok(together(withoutAccess(doc, between))) : NO_CHANGE;
};

/** The VPC that a range is, or lies in; also by name. */
export function vpcOfCidr(doc: Topology, text: string): Result<Vpc, Issue[]> {
  const range = parseCidr(text);
  const vpcs = range.ok ? doc.vpcs.filter((vpc) => containsCidr(cidrFrom(vpc.cidr), range.value)) : [];
  const [only] = vpcs;
  if (only && vpcs.length === 1) return ok(only);
  if (only) return refuse("CONFLICT", `${text} lies in ${vpcs.map(({ name }) => name).join(" and ")}: name the VPC instead.`);
  if (!range.ok) return find(doc, "vpc", { name: text });
  const there = doc.vpcs.map(({ name, cidr }) => `${name} ${cidr}`).join(", ");
  return refuse("NOT_FOUND", `No VPC has ${text}${there ? `; there is ${there}` : ": this topology has none"}.`);
}

