import { nextAddress, nextName } from "../topology/allocate";
import { applyEdit } from "../topology/edit";
import type { EditCommand } from "../topology/edit-command";
import type { RandomBytes } from "../topology/ids";
import { newElasticIp, setSubnetType } from "../topology/new-object";
import { routesToPeer } from "../topology/peering-access";
import { subnetType } from "../topology/subnet-type";
import type { NatGateway, Topology } from "../topology/topology";
import { LIMITS } from "../topology/topology";
import type { TopologyIndex } from "../topology/topology-index";
import type { Hint, HintFix } from "./hint";
import { plainFix } from "./hint";
import { withoutItem } from "./without-item";

type Warning = Pick<Hint, "code" | "objectId" | "path">;

/** What one click can do about a warning of validation; null where it takes a decision. */
export function fixOf({ code, objectId, path }: Warning, doc: Topology, index: TopologyIndex): HintFix | null {
  switch (code) {
    case "NO_INTERNET_GATEWAY": return makePublic(doc, objectId);
    case "EIP_UNREACHABLE": return makePublic(doc, index.instanceById.get(index.elasticIpById.get(objectId)?.target?.id ?? "")?.subnetId);
    case "IGW_UNUSED": return deleteGateway(objectId, doc);
    case "ROUTE_BLACKHOLE": return mendRoute(objectId, path, index);
    case "ROUTE_ONE_SIDED": return routeBack(objectId, doc, index);
    case "NAT_NO_ADDRESS": return associate(objectId, doc);
    case "NAT_NOT_PUBLIC": return moveToPublic(objectId, doc, index);
    case "GROUP_STALE":
    case "RULE_SHADOWED": return withoutItem(path, doc);
    default: return null;
  }
}

/** Another table may be needed, and the VPC may have as many as it can. */
function makePublic(doc: Topology, subnetId: string | undefined): HintFix | null {
  const subnet = doc.subnets.find(({ id }) => id === subnetId);
  if (!subnet || doc.routeTables.filter(({ vpcId }) => vpcId === subnet.vpcId).length >= LIMITS.routeTablesPerVpc) return null;
  const command = (random: RandomBytes) => setSubnetType(doc, subnet.id, "public", random);
  return makesNoLoop(doc, command(countedBytes())) ? { label: `Make “${subnet.name}” public`, command } : null;
}

/** For ids of a command that is only asked about: one after the other, so that no two are the same. */
function countedBytes(): RandomBytes {
  let count = 0;
  return (bytes) => bytes.fill(0xee).fill((count += 1), -1);
}

/** Another table for a subnet may send packets round where routes lead to instances; nowhere else. */
const makesNoLoop = (doc: Topology, command: EditCommand): boolean =>
  !doc.routeTables.some(({ routes }) => routes.some(({ target }) => target.kind === "instance")) || applyEdit(doc, command).ok;

const deleteGateway = (id: string, doc: Topology): HintFix | null =>
  doc.routeTables.some(({ routes }) => routes.some(({ target }) => target.id === id)) ? null : plainFix("Delete the gateway", { op: "delete", id });

/** A peering that waits is accepted; a route to what is gone goes. */
function mendRoute(tableId: string, path: Hint["path"], index: TopologyIndex): HintFix | null {
  const table = index.routeTableById.get(tableId);
  const at = Number(path[3]);
  const peering = index.peeringById.get(table?.routes[at]?.target.id ?? "");
  if (peering?.status === "pending-acceptance" && !peering.remote) {
    return plainFix("Accept the peering", { op: "update", kind: "peering", id: peering.id, set: { status: "active" } });
  }
  if (!table) return null;
  return plainFix("Delete the route", { op: "update", kind: "route-table", id: tableId, set: { routes: table.routes.filter((_, i) => i !== at) } });
}

function routeBack(peeringId: string, doc: Topology, index: TopologyIndex): HintFix | null {
  const peering = index.peeringById.get(peeringId);
  const routed = (vpcId: string) => index.routeTablesOfVpc(vpcId).some(({ routes }) => routes.some(({ target }) => target.id === peeringId));
  const silent = [peering?.requesterVpcId ?? "", peering?.accepterVpcId ?? ""].find((vpcId) => !routed(vpcId)) ?? "";
  const commands = peering ? routesToPeer(doc, peering, silent) : [];
  return commands.length === 0 ? null : plainFix(`Add the routes to “${index.vpcById.get(silent)?.name ?? ""}”`, { op: "batch", commands });
}

function associate(targetId: string, doc: Topology): HintFix | null {
  if (doc.elasticIps.length >= LIMITS.elasticIps) return null;
  return {
    label: "Associate an Elastic IP",
    command: (random) => {
      const id = newElasticIp(doc, random).id;
      const name = nextName(doc.elasticIps.map((ip) => ip.name), "nat-eip", { bareFirst: true });
      return { op: "create", kind: "elastic-ip", object: { id, name, target: { kind: "nat-gateway", id: targetId } } };
    },
  };
}

/** To a public subnet of the VPC where there is one with room, else its own becomes public. */
function moveToPublic(id: string, doc: Topology, index: TopologyIndex): HintFix | null {
  const gateway = index.natGatewayById.get(id);
  const vpcId = index.subnetById.get(gateway?.subnetId ?? "")?.vpcId ?? "";
  if (!gateway) return null;
  for (const subnet of index.subnetsOfVpc(vpcId)) {
    const address = subnetType(index, subnet) === "public" ? nextAddress(doc, subnet.id) : null;
    if (address === null) continue;
    const set: Partial<NatGateway> = { subnetId: subnet.id, address, name: freeName(gateway, subnet.id, index) };
    const command: EditCommand = { op: "update", kind: "nat-gateway", id, set };
    if (makesNoLoop(doc, command)) return plainFix(`Move it to “${subnet.name}”`, command);
  }
  return makePublic(doc, gateway.subnetId);
}

function freeName(gateway: NatGateway, subnetId: string, index: TopologyIndex): string {
  const taken = [...index.instancesOfSubnet(subnetId), ...index.natGatewaysOfSubnet(subnetId)].map(({ name }) => name);
  return taken.includes(gateway.name) ? nextName(taken, "nat") : gateway.name;
}
