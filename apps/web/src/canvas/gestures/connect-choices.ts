import type { SingleCommand } from "@vpclab/shared/topology/edit-command";
import { routeTableOf } from "@vpclab/shared/topology/effective";
import type { RandomBytes } from "@vpclab/shared/topology/ids";
import { EVERYWHERE } from "@vpclab/shared/topology/subnet-routing";
import type { DrawnRoute, RouteTarget, Subnet } from "@vpclab/shared/topology/topology";
import { peerVpcs } from "./add-by-key";
import { peeringRefusal } from "./connect-vpcs";
import { dropObject } from "./drop-object";
import { refuse, settle } from "./gesture";
import type { Gesture, Judged } from "./gesture";
import { objectName } from "../scene/object-name";
import { peeringEnds } from "../scene/peering-view";
import type { Scene } from "../scene/scene";
import { vpcIdOf } from "../scene/scene";

/** A connection that the selected object could get, as one line of a list: what the pointer draws, without a pointer. */
export interface ConnectChoice {
  readonly id: string;
  readonly label: string;
  /** Why not, in one sentence; null where it can be made. */
  readonly refusal: string | null;
  readonly make: (scene: Scene, random: RandomBytes) => Judged<Gesture>;
}

/** Peerings and a gateway for the selected VPC, routes for the selected subnet (or that of the selected instance). */
export function connectChoices(scene: Scene, selection: ReadonlySet<string>): readonly ConnectChoice[] {
  const [id, ...more] = selection;
  if (!id || more.length > 0) return [];
  const { index } = scene;
  if (index.vpcById.has(id)) return [...peeringChoices(scene, id), ...gatewayChoices(scene, id)];
  const subnet = index.subnetById.get(id) ?? index.subnetById.get((index.instanceById.get(id) ?? index.natGatewayById.get(id))?.subnetId ?? "");
  return subnet ? routeChoices(scene, subnet) : [];
}

function peeringChoices({ document, index }: Scene, vpcId: string): ConnectChoice[] {
  const name = index.vpcById.get(vpcId)!.name;
  return document.vpcs.filter((vpc) => vpc.id !== vpcId).map((other) => ({
    id: `peer-${other.id}`,
    label: `Peer ${name} with ${other.name}`,
    refusal: peeringRefusal(document, vpcId, other.id),
    make: (scene, random) => peerVpcs(scene, vpcId, other.id, random),
  }));
}

function gatewayChoices(scene: Scene, vpcId: string): ConnectChoice[] {
  if (scene.index.gatewayOfVpc(vpcId)) return [];
  return [{
    id: "internet-gateway", label: `Connect ${scene.index.vpcById.get(vpcId)!.name} to the internet by a gateway`, refusal: null,
    make: (now, random) => {
      const rect = now.world.get(vpcId)!;
      return dropObject(now, "internet-gateway", { x: rect.x + rect.width / 2, y: rect.y + 8 }, random);
    },
  }];
}

/** To the VPC's gateways for everything, to its peers for their ranges. One that the table has already is not offered. */
function routeChoices({ document, index }: Scene, subnet: Subnet): ConnectChoice[] {
  const table = routeTableOf(index, subnet);
  const internet = index.gatewayOfVpc(subnet.vpcId);
  const natGateways = document.natGateways.filter((gateway) => vpcIdOf(index, gateway.id) === subnet.vpcId);
  const wanted: { destination: string; target: RouteTarget; by: string }[] = [
    ...(internet ? [{ destination: EVERYWHERE, target: { kind: "internet-gateway" as const, id: internet.id }, by: `internet gateway ${internet.name}` }] : []),
    ...natGateways.map(({ id }) => ({ destination: EVERYWHERE, target: { kind: "nat-gateway" as const, id }, by: `NAT gateway ${objectName(index, id)}` })),
    ...index.peeringsOfVpc(subnet.vpcId).flatMap((peering) => {
      const far = peeringEnds(index, peering).find(({ vpcId }) => vpcId !== subnet.vpcId);
      return far ? [{ destination: far.cidr, target: { kind: "peering" as const, id: peering.id }, by: `peering ${peering.name}` }] : [];
    }),
  ];
  return wanted
    .filter(({ destination, target }) => !table.routes.some((route) => route.destination === destination && route.target.id === target.id))
    .map(({ destination, target, by }) => ({
      id: `route-${target.id}`,
      label: `Route ${destination === EVERYWHERE ? "everything" : destination} of ${subnet.name} to ${by} (table ${table.name})`,
      refusal: null,
      make: (scene) => routeBy(scene, subnet.id, { destination, target }),
    }));
}

/** In the subnet's table; a route for the same destination leads to the new target then. */
function routeBy(scene: Scene, subnetId: string, route: DrawnRoute): Judged<Gesture> {
  const subnet = scene.index.subnetById.get(subnetId);
  if (!subnet) return refuse("This subnet is no longer there.");
  const table = routeTableOf(scene.index, subnet);
  const routes = [...table.routes.filter(({ destination }) => destination !== route.destination), route];
  const command: SingleCommand = { op: "update", kind: "route-table", id: table.id, set: { routes } };
  const settled = settle(scene, command, {});
  return settled.ok ? { ok: true, label: `Route ${route.destination} in ${table.name}`, command, layoutPatch: settled.layoutPatch } : settled;
}
