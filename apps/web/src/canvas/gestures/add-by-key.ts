import type { RandomBytes } from "@vpclab/shared/topology/ids";
import { newPeering } from "@vpclab/shared/topology/new-object";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import type { Subnet } from "@vpclab/shared/topology/topology";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import { VPC_METRICS, VPC_GAP } from "../scene/card-size";
import { dropObject } from "./drop-object";
import { refuse, settle } from "./gesture";
import type { Gesture, Judged } from "./gesture";
import type { DroppedItem, PaletteItem } from "./palette-item";
import { boundsOf } from "../scene/rect";
import type { Point } from "../scene/rect";
import type { Scene } from "../scene/scene";
import { vpcIdOf } from "../scene/scene";
import { peeringRefusal } from "./connect-vpcs";

/** Adds without a pointer: into the selected container, else into the first that takes it. */
export function addByKey(scene: Scene, item: PaletteItem, selection: ReadonlySet<string>, random: RandomBytes): Judged<Gesture> {
  if (item === "peering") return peerSelected(scene, selection, random);
  let refusal: Judged<Gesture> | null = null;
  for (const point of placesFor(scene, item, selection)) {
    const dropped = dropObject(scene, item, point, random);
    if (dropped.ok) return dropped;
    refusal ??= dropped;
  }
  return refusal ?? refuse(NOTHING_TAKES[item]);
}

const SUBNET_FIRST = "It belongs to a subnet: add a subnet first.";
const VPC_FIRST = "Add a VPC first.";
const NOTHING_TAKES: Readonly<Record<DroppedItem, string>> = {
  vpc: VPC_FIRST, "public-subnet": VPC_FIRST, "private-subnet": VPC_FIRST, "internet-gateway": VPC_FIRST, "route-table": VPC_FIRST,
  "security-group": VPC_FIRST, "network-acl": VPC_FIRST, "elastic-ip": VPC_FIRST,
  instance: SUBNET_FIRST.replace("It", "An instance"), "nat-gateway": SUBNET_FIRST.replace("It", "A NAT gateway"),
};

/** A peering between two VPCs, both given by a person; refused in words where the rules forbid it. */
export function peerVpcs(scene: Scene, requesterVpcId: string, accepterVpcId: string, random: RandomBytes): Judged<Gesture> {
  const reason = peeringRefusal(scene.document, requesterVpcId, accepterVpcId);
  if (reason !== null) return refuse(reason);
  const made = newPeering(scene.document, requesterVpcId, accepterVpcId, random);
  const settled = settle(scene, made.command, {});
  if (!settled.ok) return settled;
  return { ok: true, label: "Add peering", command: made.command, layoutPatch: settled.layoutPatch, select: [made.id] };
}

function peerSelected(scene: Scene, selection: ReadonlySet<string>, random: RandomBytes): Judged<Gesture> {
  const chosen = [...new Set([...selection].flatMap((id) => vpcIdOf(scene.index, id) ?? []))];
  const [first, second] = chosen;
  if (!first || !second) return refuse("Select two VPCs first (Shift and click), or peer from a VPC’s inspector.");
  return peerVpcs(scene, first, second, random);
}

/** Points that stand for the places where the item may go, the likeliest first. */
function placesFor(scene: Scene, item: DroppedItem, selection: ReadonlySet<string>): readonly Point[] {
  if (item === "vpc") return [besideTheOthers(scene)];
  const onto = ONTO[item]?.(scene.index) ?? null;
  const target = onto && [...selection].find((id) => onto.has(id));
  if (target) return [headingOf(scene, target)];
  if (item === "elastic-ip") return [NOWHERE];
  const { subnets, vpcs } = scene.document;
  const isPublic = (subnet: Subnet) => subnetType(scene.index, subnet) === "public";
  const containers = item === "instance" ? subnets
    : item === "nat-gateway" ? [...subnets].sort((a, b) => Number(isPublic(b)) - Number(isPublic(a)))
    : vpcs;
  const chosen = containers.filter(({ id }) => [...selection].some((selected) => isWithin(scene, selected, id)));
  // A selected container is meant, also when it refuses; otherwise the first that takes it.
  return (chosen.length > 0 ? chosen : containers).map(({ id }) => headingOf(scene, id));
}

type Objects = ReadonlyMap<string, unknown>;
/** What an item is put on when that is selected; else it goes to the VPC, or stays by itself. */
const ONTO: Partial<Record<DroppedItem, (index: TopologyIndex) => Objects>> = {
  "elastic-ip": ({ instanceById, natGatewayById }) => new Map<string, unknown>([...instanceById, ...natGatewayById]),
  "security-group": ({ instanceById }) => instanceById,
  "route-table": ({ subnetById }) => subnetById,
  "network-acl": ({ subnetById }) => subnetById,
};

/** Far from everything drawn. */
const NOWHERE: Point = { x: -1e6, y: -1e6 };

function besideTheOthers({ document, world }: Scene): Point {
  const bounds = boundsOf(document.vpcs.map(({ id }) => world.get(id)!));
  return bounds ? { x: bounds.x + bounds.width + VPC_GAP + VPC_METRICS.min.width / 2, y: bounds.y + 24 } : { x: 0, y: 0 };
}

function headingOf({ world }: Scene, id: string): Point {
  const rect = world.get(id)!;
  return { x: rect.x + rect.width / 2, y: rect.y + 8 };
}

const isWithin = ({ index }: Scene, id: string, containerId: string): boolean =>
  id === containerId || (index.instanceById.get(id) ?? index.natGatewayById.get(id))?.subnetId === containerId || vpcIdOf(index, id) === containerId;
