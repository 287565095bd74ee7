import type { Result } from "../errors/result";
import { applyEdit } from "../topology/edit";
import type { EditCommand } from "../topology/edit-command";
import type { RandomBytes } from "../topology/ids";
import {
  associateElasticIp, newElasticIp, newInstance, newInternetGateway, newNatGateway, newNetworkAcl, newPeering, newRouteTable, newSecurityGroup,
  newSubnet, newVpc, setSubnetType, type NewObject,
} from "../topology/new-object";
import type { Subnet, Topology, Vpc } from "../topology/topology";
import { EMPTY_TOPOLOGY, PEERING_STATUSES } from "../topology/topology";
import { indexTopology } from "../topology/topology-index";
import { chooserOf, type Choose } from "./choose";
import { randomEntries, randomFirewall, randomPublishedPort, randomRoute, randomRules } from "./random-rules";

export interface RandomSize {
  readonly vpcsMax: number;
  readonly subnetsPerVpcMax: number;
  readonly instancesMax: number;
}
const SMALL: RandomSize = { vpcsMax: 3, subnetsPerVpcMax: 3, instancesMax: 12 };

const BLOCKS = ["10.0.0.0/16", "10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/20", "10.3.4.0/24", "172.16.0.0/16", "172.20.128.0/22", "192.168.0.0/24", "192.168.7.0/26"];

/**
 * A valid topology over all kinds of objects, the same for the same random bytes: what it holds is drawn as a person would draw
 * it, with what people get wrong (a way back that is missing, a target that is gone, a rule before another).
 */
export function randomTopology(random: RandomBytes, size: RandomSize = SMALL): Topology {
  const draft = new Draft(random);
  const { choose } = draft;
  if (choose.chance(0.3)) draft.edit({ op: "settings", set: { addressing: "aws" } });
  const vpcs = 1 + choose.int(size.vpcsMax);
  for (let v = 0; v < vpcs; v++) drawVpc(draft, size);
  for (const [i, vpc] of draft.doc.vpcs.entries()) {
    for (const peer of draft.doc.vpcs.slice(i + 1)) drawPeering(draft, vpc, peer);
  }
  for (const vpc of draft.doc.vpcs) {
    drawRoutes(draft, vpc);
    drawFilters(draft, vpc);
  }
  drawInstances(draft);
  drawDamage(draft);
  return draft.doc;
}

/** A document under construction: what validation refuses is not drawn. */
class Draft {
  doc: Topology = EMPTY_TOPOLOGY;
  readonly choose: Choose;

  constructor(readonly random: RandomBytes) {
    this.choose = chooserOf(random);
  }

  edit(command: EditCommand): boolean {
    const edited = applyEdit(this.doc, command);
    if (edited.ok) this.doc = edited.value.document;
    return edited.ok;
  }

  /** The new object's id, or null when it was refused. */
  add(made: NewObject | Result<NewObject, unknown>): string | null {
    if ("ok" in made && !made.ok) return null;
    const object = "ok" in made ? made.value : made;
    return this.edit(object.command) ? object.id : null;
  }
}

function drawVpc(draft: Draft, size: RandomSize): void {
  const { choose, random } = draft;
  const vpcId = draft.add(newVpc(draft.doc, random));
  if (!vpcId) return;
  draft.edit({ op: "update", kind: "vpc", id: vpcId, set: { cidr: choose.of(BLOCKS) } });
  if (choose.chance(0.8)) draft.add(newInternetGateway(draft.doc, vpcId, random));
  const subnets = 1 + choose.int(size.subnetsPerVpcMax);
  for (let s = 0; s < subnets && draft.doc.instances.length < size.instancesMax; s++) {
    const subnetId = draft.add(newSubnet(draft.doc, vpcId, choose.of(["public", "private"]), random));
    if (!subnetId) continue;
    if (choose.chance(0.2)) draft.edit({ op: "update", kind: "subnet", id: subnetId, set: { autoAssignPublicAddress: choose.chance(0.5) } });
    const more = choose.int(3);
    for (let n = 0; n < more && draft.doc.instances.length < size.instancesMax; n++) draft.add(newInstance(draft.doc, subnetId, random));
    if (choose.chance(0.35)) drawNatGateway(draft, subnetId);
  }
}

function drawNatGateway(draft: Draft, subnetId: string): void {
  const { choose, random } = draft;
  if (choose.chance(0.7)) draft.edit(setSubnetType(draft.doc, subnetId, "public", random));
  const id = draft.add(newNatGateway(draft.doc, subnetId, random));
  const elasticIp = draft.doc.elasticIps.find((ip) => ip.target?.id === id);
  if (elasticIp && choose.chance(0.2)) draft.edit({ op: "delete", id: elasticIp.id });
}

/** Mostly active and routed on both sides; else waiting, refused, or without the routes of one side. */
function drawPeering(draft: Draft, vpc: Vpc, peer: Vpc): void {
  const { choose, random } = draft;
  if (choose.chance(0.3)) return;
  const id = draft.add(newPeering(draft.doc, vpc.id, peer.id, random));
  if (!id) return;
  if (choose.chance(0.25)) draft.edit({ op: "update", kind: "peering", id, set: { status: choose.of(["pending-acceptance", ...PEERING_STATUSES]) } });
  for (const table of draft.doc.routeTables) {
    if (!choose.chance(0.2)) continue;
    draft.edit({ op: "update", kind: "route-table", id: table.id, set: { routes: table.routes.filter((route) => route.target.id !== id) } });
  }
}

function drawRoutes(draft: Draft, vpc: Vpc): void {
  const { choose, random } = draft;
  const subnetsNow = (): readonly Subnet[] => indexTopology(draft.doc).subnetsOfVpc(vpc.id);
  if (choose.chance(0.4)) {
    const table = draft.add(newRouteTable(draft.doc, vpc.id, random));
    for (const subnet of choose.some(subnetsNow(), 0.5)) draft.edit({ op: "update", kind: "subnet", id: subnet.id, set: { routeTableId: table } });
  }
  for (const table of indexTopology(draft.doc).routeTablesOfVpc(vpc.id)) {
    for (let n = choose.int(3); n > 0; n--) {
      const route = randomRoute(draft.doc, vpc.id, choose);
      const routes = indexTopology(draft.doc).routeTableById.get(table.id)?.routes ?? [];
      if (route) draft.edit({ op: "update", kind: "route-table", id: table.id, set: { routes: [...routes, route] } });
    }
  }
}

function drawFilters(draft: Draft, vpc: Vpc): void {
  const { choose, random } = draft;
  for (let n = choose.int(3); n > 0; n--) draft.add(newSecurityGroup(draft.doc, vpc.id, random));
  for (const group of indexTopology(draft.doc).groupsOfVpc(vpc.id)) {
    const isDefault = group.id === vpc.defaultSecurityGroupId;
    if (isDefault && choose.chance(0.6)) continue;
    draft.edit({ op: "update", kind: "security-group", id: group.id, set: { rules: randomRules(draft.doc, vpc.id, choose, random) } });
  }
  if (choose.chance(0.15)) draft.edit({ op: "update", kind: "network-acl", id: vpc.defaultNetworkAclId, set: { entries: randomEntries(draft.doc, vpc.id, choose) } });
  for (const subnet of indexTopology(draft.doc).subnetsOfVpc(vpc.id)) {
    if (choose.chance(0.25)) draft.edit({ op: "update", kind: "subnet", id: subnet.id, set: { firewall: randomFirewall(draft.doc, vpc.id, choose) } });
  }
  if (choose.chance(0.6)) return;
  const acl = draft.add(newNetworkAcl(draft.doc, vpc.id, random));
  if (!acl) return;
  draft.edit({ op: "update", kind: "network-acl", id: acl, set: { entries: randomEntries(draft.doc, vpc.id, choose) } });
  for (const subnet of choose.some(indexTopology(draft.doc).subnetsOfVpc(vpc.id), 0.5)) {
    draft.edit({ op: "update", kind: "subnet", id: subnet.id, set: { networkAclId: acl } });
  }
}

/** Groups, Elastic IPs, published ports, and the check off for what a route leads to (mostly). */
function drawInstances(draft: Draft): void {
  const { choose, random } = draft;
  const targets = new Set(draft.doc.routeTables.flatMap((table) => table.routes.map((route) => route.target.id)));
  for (const instance of draft.doc.instances) {
    const index = indexTopology(draft.doc);
    const groups = index.groupsOfVpc(index.subnetById.get(instance.subnetId)?.vpcId ?? "").map((group) => group.id);
    const chosen = choose.some(groups, 0.5);
    const set = {
      securityGroupIds: chosen.length > 0 ? chosen : instance.securityGroupIds,
      sourceDestCheck: targets.has(instance.id) ? choose.chance(0.15) : !choose.chance(0.05),
      publishedPorts: choose.chance(0.1) ? [randomPublishedPort(choose)] : [],
    };
    draft.edit({ op: "update", kind: "instance", id: instance.id, set });
    if (!choose.chance(0.15)) continue;
    const elasticIp = draft.add(newElasticIp(draft.doc, random));
    if (elasticIp) draft.edit(associateElasticIp(draft.doc, elasticIp, choose.chance(0.9) ? { kind: "instance", id: instance.id } : null));
  }
}

/** Something is deleted after it was used, so that routes are blackholes and rules are stale. */
function drawDamage(draft: Draft): void {
  const { choose, doc } = draft;
  if (!choose.chance(0.35)) return;
  const victim = choose.maybe([...doc.natGateways, ...doc.peerings, ...doc.internetGateways, ...doc.instances.slice(0, 2), ...(choose.chance(0.2) ? doc.vpcs.slice(1) : [])]);
  if (victim) draft.edit({ op: "delete", id: victim.id });
}
