import type { Issue } from "../errors/issue";
import { cidrFrom, formatAddress, parseAddress } from "../net/cidr";
import { resolverAddress, usableRange } from "../net/subnet-addresses";
import { nextAddress } from "../topology/allocate";
import { MAIN_INSTANCE_NAME } from "../net/namespace-name";
import type { Instance, NatGateway, PublishedPort, Topology } from "../topology/topology";
import { indexTopology } from "../topology/topology-index";
import { freeName } from "./paste-networks";
import type { Pasting } from "./pasting";
import { inOrderOfName, isIssue, movedAddress, refusal } from "./pasting";

const PORT_MAX = 65535;

/** Copied instances and NAT gateways: at the same place of a copied subnet where that may be, else at the next free address. */
export function pasteCards(paste: Pasting): Issue | null {
  const cards = inOrderOfName<Instance | NatGateway>([...paste.source.instances, ...paste.source.natGateways]).filter(({ id }) => paste.copied.has(id));
  // Those that keep their place come first, so that no other takes it.
  const later: { card: Instance | NatGateway; subnetId: string }[] = [];
  for (const card of cards) {
    const subnetId = subnetFor(paste, card);
    if (isIssue(subnetId)) return subnetId;
    const address = movedAddress(paste, card.address);
    if (paste.copied.has(card.subnetId) && mayBeUsed(paste.draft, subnetId, address)) add(paste, card, subnetId, address);
    else later.push({ card, subnetId });
  }
  for (const { card, subnetId } of later) {
    const address = nextAddress(paste.draft, subnetId);
    if (address === null) return refusal("SUBNET_FULL", `${paste.draft.subnets.find(({ id }) => id === subnetId)?.name ?? "That subnet"} has no free address left for ${card.name}; paste into another subnet.`);
    add(paste, card, subnetId, address);
  }
  return null;
}

function add(paste: Pasting, card: Instance | NatGateway, subnetId: string, address: string): void {
  const { draft } = paste;
  const there = [...draft.instances, ...draft.natGateways].filter((other) => other.subnetId === subnetId);
  const isMain = card.name === MAIN_INSTANCE_NAME && there.some(({ name }) => name === MAIN_INSTANCE_NAME);
  const id = paste.ids.get(card.id)!;
  // A second `main` would be called main2, which reads as if it were one.
  const name = isMain ? freeName(there, "i1") : freeName(there, card.name);
  if (!("securityGroupIds" in card)) {
    paste.draft = { ...draft, natGateways: [...draft.natGateways, { ...card, id, subnetId, address, name }] };
    return;
  }
  const copy: Instance = { ...card, id, subnetId, address, name, securityGroupIds: groupsFor(paste, card, subnetId), publishedPorts: freePorts(draft, card.publishedPorts) };
  paste.draft = { ...draft, instances: [...draft.instances, copy] };
}

/** The copy of its subnet, else the target, else the same subnet, else the first one of the target VPC. */
function subnetFor({ ids, target, draft, from }: Pasting, { subnetId, name }: Instance | NatGateway): string | Issue {
  const own = ids.get(subnetId) ?? target.subnetId;
  if (own) return own;
  const same = draft.subnets.find(({ id }) => id === subnetId);
  const vpcId = target.vpcId ?? same?.vpcId ?? from.subnetById.get(subnetId)?.vpcId;
  const found = same?.vpcId === vpcId ? same : draft.subnets.find((subnet) => subnet.vpcId === vpcId);
  return found?.id ?? refusal("REF_UNKNOWN", `${name} belongs to a subnet: select the subnet that it shall go into, then paste.`);
}

function mayBeUsed(draft: Topology, subnetId: string, address: string): boolean {
  const subnet = draft.subnets.find(({ id }) => id === subnetId);
  const vpc = draft.vpcs.find(({ id }) => id === subnet?.vpcId);
  const number = parseAddress(address);
  if (!subnet || !vpc || number === null || address === formatAddress(resolverAddress(cidrFrom(vpc.cidr)))) return false;
  const { first, last } = usableRange(cidrFrom(subnet.cidr), draft.settings.addressing);
  return number >= first && number <= last;
}

/** Copied groups, the same ones within their VPC, those of the same names elsewhere, else the default one. */
function groupsFor({ ids, draft, from }: Pasting, { securityGroupIds }: Instance, subnetId: string): string[] {
  const index = indexTopology(draft);
  const vpc = index.vpcById.get(index.subnetById.get(subnetId)?.vpcId ?? "");
  const there = index.groupsOfVpc(vpc?.id ?? "");
  const found = securityGroupIds.flatMap((id): string[] => {
    const copy = ids.get(id);
    if (copy) return [copy];
    const group = there.find((other) => other.id === id) ?? there.find(({ name }) => name === from.groupById.get(id)?.name);
    return group ? [group.id] : [];
  });
  return found.length > 0 ? [...new Set(found)] : [vpc?.defaultSecurityGroupId ?? ""];
}

/** A port of the host leads to one instance, so a copy gets the next free one; none where all above are taken. */
function freePorts(draft: Topology, ports: readonly PublishedPort[]): PublishedPort[] {
  const taken = new Set(draft.instances.flatMap(({ publishedPorts }) => publishedPorts.map(({ protocol, hostPort }) => `${protocol} ${hostPort}`)));
  return ports.flatMap((port) => {
    let { hostPort } = port;
    while (hostPort <= PORT_MAX && taken.has(`${port.protocol} ${hostPort}`)) hostPort += 1;
    if (hostPort > PORT_MAX) return [];
    taken.add(`${port.protocol} ${hostPort}`);
    return [{ ...port, hostPort }];
  });
}
