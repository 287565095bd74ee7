import type { Result } from "../errors/result";
import { applyEdit, type Edited } from "../topology/edit";
import type { EditCommand, UpdateCommand } from "../topology/edit-command";
import type { RandomBytes } from "../topology/ids";
import {
  associateElasticIp, moveInstance, newElasticIp, newInstance, newInternetGateway, newNatGateway, newNetworkAcl, newPeering, newRouteTable,
  newSecurityGroup, newSubnet, newVpc, setSubnetType, type NewObject,
} from "../topology/new-object";
import type { Topology } from "../topology/topology";
import { DIRECTIONS, FIREWALL_ACTIONS, PEERING_STATUSES } from "../topology/topology";
import { indexTopology, objectsOf } from "../topology/topology-index";
import { seededRandom } from "./builders";
import { chooserOf, type Choose } from "./choose";
import {
  randomEntries, randomEntry, randomFirewall, randomFirewallRule, randomPublishedPort, randomRoute, randomRule, randomRules, withoutFirewallTwins, withoutTwins,
} from "./random-rules";

/** Makes a command for a document, or null where there is nothing that it could be about. */
type Maker = (doc: Topology, choose: Choose, random: RandomBytes) => EditCommand | null;

/** How far a walk of edits lets a topology grow. */
export interface GrowthLimit {
  readonly vpcs: number;
  readonly instances: number;
}
const UNBOUNDED: GrowthLimit = { vpcs: Infinity, instances: Infinity };

/** A command that a person might make next, chosen by a number; some are refused by validation, on purpose. */
export function randomCommand(doc: Topology, choice: number, random: RandomBytes): EditCommand {
  return candidate(doc, chooserOf(seededRandom(choice)), random, UNBOUNDED);
}

/** An edit that is accepted: a command that a person might make next, with the document that it gives. */
export function randomEdit(doc: Topology, random: RandomBytes, limit: GrowthLimit = UNBOUNDED): { command: EditCommand } & Edited {
  const choose = chooserOf(random);
  for (let tries = 0; tries < 1000; tries++) {
    const command = candidate(doc, choose, random, limit);
    const edited = applyEdit(doc, command);
    if (edited.ok) return { command, ...edited.value };
  }
  throw new Error("a thousand random commands were refused, which cannot be: a setting can always be changed");
}

function candidate(doc: Topology, choose: Choose, random: RandomBytes, limit: GrowthLimit): EditCommand {
  for (;;) {
    const [name, make] = choose.of(MAKERS);
    if (name === "vpc" && doc.vpcs.length >= limit.vpcs) continue;
    if ((name === "instance" || name === "subnet") && doc.instances.length >= limit.instances) continue;
    const command = make(doc, choose, random);
    if (command) return command;
  }
}

const created = (made: Result<NewObject, unknown>): EditCommand | null => (made.ok ? made.value.command : null);
const update = <K extends UpdateCommand["kind"]>(kind: K, id: string | undefined, set: Extract<UpdateCommand, { kind: K }>["set"]): EditCommand | null =>
  id === undefined ? null : { op: "update", kind, id, set } as UpdateCommand;
const idOf = (object: { id: string } | undefined): string | undefined => object?.id;
/** One item more, one less, or one changed. */
function changedList<T>(items: readonly T[], make: () => T | null, choose: Choose): T[] {
  const at = choose.int(items.length + 1);
  const made = choose.chance(0.35) ? null : make();
  return choose.chance(0.5) && made !== null ? [...items, made] : items.flatMap((item, i) => (i === at ? (made === null ? [] : [made]) : [item]));
}

const MAKERS: readonly (readonly [string, Maker])[] = [
  ["vpc", (doc, _choose, random) => created(newVpc(doc, random))],
  ["subnet", (doc, choose, random) => {
    const vpc = choose.maybe(doc.vpcs);
    return vpc ? created(newSubnet(doc, vpc.id, choose.of(["public", "private"]), random)) : null;
  }],
  ["instance", (doc, choose, random) => {
    const subnet = choose.maybe(doc.subnets);
    return subnet ? created(newInstance(doc, subnet.id, random)) : null;
  }],
  ["internet-gateway", (doc, choose, random) => {
    const vpc = choose.maybe(doc.vpcs);
    return vpc ? newInternetGateway(doc, vpc.id, random).command : null;
  }],
  ["nat-gateway", (doc, choose, random) => {
    const subnet = choose.maybe(doc.subnets);
    return subnet ? created(newNatGateway(doc, subnet.id, random)) : null;
  }],
  ["elastic-ip", (doc, _choose, random) => newElasticIp(doc, random).command],
  ["route-table", (doc, choose, random) => {
    const vpc = choose.maybe(doc.vpcs);
    return vpc ? newRouteTable(doc, vpc.id, random).command : null;
  }],
  ["security-group", (doc, choose, random) => {
    const vpc = choose.maybe(doc.vpcs);
    return vpc ? newSecurityGroup(doc, vpc.id, random).command : null;
  }],
  ["network-acl", (doc, choose, random) => {
    const vpc = choose.maybe(doc.vpcs);
    return vpc ? newNetworkAcl(doc, vpc.id, random).command : null;
  }],
  ["peering", (doc, choose, random) => {
    const [requester, accepter] = [choose.maybe(doc.vpcs), choose.maybe(doc.vpcs)];
    return requester && accepter ? newPeering(doc, requester.id, accepter.id, random).command : null;
  }],
  ["vpc name", (doc, choose) => update("vpc", idOf(choose.maybe(doc.vpcs)), { name: `n${choose.int(7)}` })],
  ["vpc cidr", (doc, choose) => update("vpc", idOf(choose.maybe(doc.vpcs)), { cidr: choose.of(["10.0.0.0/16", "10.7.0.0/16", "192.168.0.0/20"]) })],
  ["host access", (doc, choose) => update("vpc", idOf(choose.maybe(doc.vpcs)), { reachableFromHost: choose.chance(0.6) })],
  ["main table", (doc, choose) => {
    const vpc = choose.maybe(doc.vpcs);
    const table = choose.maybe(doc.routeTables.filter((candidateTable) => candidateTable.vpcId === vpc?.id));
    return update("vpc", vpc?.id, { mainRouteTableId: table?.id ?? "" });
  }],
  ["subnet type", (doc, choose, random) => {
    const subnet = choose.maybe(doc.subnets);
    return subnet ? setSubnetType(doc, subnet.id, choose.of(["public", "private"]), random) : null;
  }],
  ["subnet cidr", (doc, choose) => update("subnet", idOf(choose.maybe(doc.subnets)), { cidr: `10.0.${choose.int(12)}.0/25` })],
  ["association", (doc, choose) => {
    const subnet = choose.maybe(doc.subnets);
    const own = (object: { vpcId: string }) => object.vpcId === subnet?.vpcId;
    const table = choose.maybe([null, ...doc.routeTables.filter(own)]);
    const acl = choose.maybe([null, ...doc.networkAcls.filter(own)]);
    return update("subnet", subnet?.id, choose.of([{ routeTableId: table?.id ?? null }, { networkAclId: acl?.id ?? null }, { autoAssignPublicAddress: choose.chance(0.5) }]));
  }],
  ["routes", (doc, choose) => {
    const table = choose.maybe(doc.routeTables);
    return table ? update("route-table", table.id, { routes: changedList(table.routes, () => randomRoute(doc, table.vpcId, choose), choose) }) : null;
  }],
  ["rules", (doc, choose, random) => {
    const group = choose.maybe(doc.securityGroups);
    if (!group) return null;
    const rules = choose.chance(0.3)
      ? randomRules(doc, group.vpcId, choose, random)
      : withoutTwins(changedList(group.rules, () => randomRule(doc, group.vpcId, choose.of(DIRECTIONS), choose, random), choose));
    return update("security-group", group.id, { rules });
  }],
  ["entries", (doc, choose) => {
    const acl = choose.maybe(doc.networkAcls);
    if (!acl) return null;
    const entries = choose.chance(0.3)
      ? randomEntries(doc, acl.vpcId, choose)
      : changedList(acl.entries, () => randomEntry(doc, acl.vpcId, choose.of(DIRECTIONS), 1 + choose.int(200), choose), choose);
    return update("network-acl", acl.id, { entries });
  }],
  ["firewall", (doc, choose) => {
    const subnet = choose.maybe(doc.subnets);
    if (!subnet?.firewall || choose.chance(0.4)) return subnet ? update("subnet", subnet.id, { firewall: randomFirewall(doc, subnet.vpcId, choose) }) : null;
    const { defaults, rules } = subnet.firewall;
    const changed = withoutFirewallTwins(changedList(rules, () => randomFirewallRule(doc, subnet.vpcId, choose.of(DIRECTIONS), choose), choose));
    const firewall = choose.of([{ defaults, rules: changed }, { defaults, rules: [...rules].reverse() }, { defaults: { ...defaults, ingress: choose.of(FIREWALL_ACTIONS) }, rules }]);
    return update("subnet", subnet.id, { firewall });
  }],
  ["groups", (doc, choose) => {
    const instance = choose.maybe(doc.instances);
    const vpcId = instance && indexTopology(doc).subnetById.get(instance.subnetId)?.vpcId;
    const groups = doc.securityGroups.filter((group) => group.vpcId === vpcId);
    return groups.length > 0 ? update("instance", instance?.id, { securityGroupIds: [choose.of(groups).id, ...choose.some(groups.map(({ id }) => id), 0.2)].filter((id, i, all) => all.indexOf(id) === i) }) : null;
  }],
  ["instance", (doc, choose) => update("instance", idOf(choose.maybe(doc.instances)), choose.of([
    { sourceDestCheck: choose.chance(0.5) }, { webServer: choose.chance(0.5) ? { port: choose.of([80, 8080]) } : null },
    { publishedPorts: choose.chance(0.5) ? [randomPublishedPort(choose)] : [] }, { name: `a${choose.int(9)}` },
  ]))],
  ["move", (doc, choose) => {
    const [instance, subnet] = [choose.maybe(doc.instances), choose.maybe(doc.subnets)];
    const moved = instance && subnet ? moveInstance(doc, instance.id, subnet.id) : null;
    return moved?.ok ? moved.value : null;
  }],
  ["associate", (doc, choose) => {
    const elasticIp = choose.maybe(doc.elasticIps);
    const target = choose.maybe([
      null, ...doc.instances.map(({ id }) => ({ kind: "instance" as const, id })), ...doc.natGateways.map(({ id }) => ({ kind: "nat-gateway" as const, id })),
    ]);
    return elasticIp ? associateElasticIp(doc, elasticIp.id, target ?? null) : null;
  }],
  ["peering status", (doc, choose) => update("peering", idOf(choose.maybe(doc.peerings)), { status: choose.of(PEERING_STATUSES) })],
  ["delete", (doc, choose) => {
    const kind = choose.of(["instance", "subnet", "vpc", "internet-gateway", "nat-gateway", "elastic-ip", "route-table", "security-group", "network-acl", "peering"]);
    const found = choose.maybe([...objectsOf(doc)].filter((object) => object.kind === kind));
    return found ? { op: "delete", id: found.object.id } : null;
  }],
  ["settings", (_doc, choose) => ({ op: "settings", set: choose.of([{ addressing: choose.of(["lab", "aws"]) }, { driftRepair: choose.of(["automatic", "manual"]) }, { note: choose.of(["", "For the second week: who reaches whom."]) }]) })],
];
