import { cidrFrom, containsAddress, formatAddress, parseAddress } from "@vpclab/shared/net/cidr";
import { gatewayAddress } from "@vpclab/shared/net/subnet-addresses";
import { transitAddresses } from "@vpclab/shared/plan/transit";
import type { Vpc } from "@vpclab/shared/topology/topology";
import type { FastAnswer, FastProbe, ProbePlace } from "../apps/agent/src/probes/fast-probe";
import { HOST_ADDRESS, SANDBOX_HOST_NETNS } from "../apps/agent/src/sandbox/sandbox-state";
import { type Applied, INTERNET_PLACE, namespaceOfVpc, placeOfInstance, placeOfNatGateway, publicAddress, vpcOf } from "./place";
import type { Random } from "./random";

/** A packet that must never arrive, whatever is drawn, because nothing that can be drawn leads there. */
export interface ForbiddenPacket {
  readonly what: string;
  readonly probe: FastProbe;
}

interface Way {
  readonly what: string;
  readonly source: ProbePlace;
  readonly to: string;
  readonly target: ProbePlace;
}

const PROTOCOLS = ["icmp", "tcp", "udp"] as const;
/** Lowest free ones are given first. */
const TRANSIT_SLOTS_TRIED = [0, 1, 2, 3];
const PORTS = [22, 53, 80, 7000];

/** Some of what no drawing allows: the host itself, another VPC's router, and whatever translates, from outside of its VPC. */
export function forbiddenPackets(applied: Applied, count: number, random: Random, freshPort: () => number): ForbiddenPacket[] {
  return random.shuffled([...toTheHost(applied), ...toTransitLinks(applied), ...toOtherRouters(applied), ...intoNatGateways(applied), ...untranslated(applied)]).slice(0, count).map(({ what, source, to, target }) => {
    const protocol = random.pick(PROTOCOLS);
    const port = protocol === "icmp" ? 0 : random.pick(PORTS);
    return { what: `${what} (${protocol}${port === 0 ? "" : ` ${port}`})`, probe: { protocol, source, sourcePort: freshPort(), to: { address: to, port }, target: { ...target, port } } };
  });
}

/** Under another's address, from one subnet into another: only who forwards for others may send such packets. */
export function forgedPackets(applied: Applied, count: number, random: Random, freshPort: () => number): ForbiddenPacket[] {
  const { document, index } = applied;
  const pairs = document.instances.filter(({ sourceDestCheck }) => sourceDestCheck).flatMap((sender) =>
    document.instances.filter(({ subnetId }) => subnetId !== sender.subnetId).map((receiver) => ({ sender, receiver })));
  return random.shuffled(pairs).slice(0, count).flatMap(({ sender, receiver }) => {
    const forgedSource = random.pick([...document.instances.map(({ address }) => address), HOST_ADDRESS, "192.0.2.9"]);
    // A router knows its subnets' addresses, not which of a subnet's machines has which.
    if (containsAddress(cidrFrom(index.subnetById.get(sender.subnetId)?.cidr ?? ""), parseAddress(forgedSource) ?? 0)) return [];
    const port = random.pick(PORTS);
    const target = { ...placeOfInstance(applied, receiver), port };
    return [{
      what: `${sender.id} as ${forgedSource} to ${receiver.id} (udp ${port})`,
      probe: { protocol: "udp", source: placeOfInstance(applied, sender), sourcePort: freshPort(), forgedSource, to: { address: target.address, port }, target },
    }];
  });
}

/** Silence is what is wanted; the sender's own router may say that there is no way. */
export const breaksIsolation = ({ outcome, arrived, error }: FastAnswer): boolean =>
  arrived || outcome === "reached" || error === "ECONNREFUSED" || error === "ELSEWHERE";

const toTheHost = (applied: Applied): Way[] => applied.document.instances.map((instance) => ({
  what: `${instance.id} to the host`, source: placeOfInstance(applied, instance), to: HOST_ADDRESS,
  target: { namespace: SANDBOX_HOST_NETNS, address: HOST_ADDRESS },
}));

/** Links between routers and the host are nobody's to talk to; whoever answers there, it is not the target. */
const toTransitLinks = (applied: Applied): Way[] => applied.document.instances.flatMap((instance) => TRANSIT_SLOTS_TRIED.flatMap((slot) => {
  const ends = transitAddresses(slot);
  return [ends.near, ends.far].map((to) => ({
    what: `${instance.id} to the transit address ${to}`, source: placeOfInstance(applied, instance), to,
    target: { namespace: SANDBOX_HOST_NETNS, address: HOST_ADDRESS },
  }));
}));

/** From the internet straight to a private address: gateways take in public ones only. */
const untranslated = (applied: Applied): Way[] => applied.document.instances.map((instance) => ({
  what: `the internet to ${instance.id} at its private address`, source: INTERNET_PLACE, to: instance.address, target: placeOfInstance(applied, instance),
}));

/** Routers' addresses in subnets, from another VPC: peered or not. */
function toOtherRouters(applied: Applied): Way[] {
  const { document, index } = applied;
  return document.instances.flatMap((instance) => {
    const own = vpcOf(index, instance.subnetId);
    return document.subnets.filter((subnet) => subnet.vpcId !== own.id).flatMap((subnet) => {
      const to = formatAddress(gatewayAddress(cidrFrom(subnet.cidr)));
      if (isIn(own, to)) return [];
      return [{
        what: `${instance.id} to the router of ${subnet.id}`, source: placeOfInstance(applied, instance), to,
        target: { namespace: namespaceOfVpc(applied, vpcOf(index, subnet.id)), address: to },
      }];
    });
  });
}

function intoNatGateways(applied: Applied): Way[] {
  const { document, index } = applied;
  return document.natGateways.flatMap((gateway) => {
    const target = placeOfNatGateway(applied, gateway);
    const outside = applied.publicPool ? publicAddress(applied, gateway.id) : null;
    const vpc = vpcOf(index, gateway.subnetId);
    return [
      ...(outside === null ? [] : [{ what: `the internet into ${gateway.id}`, source: INTERNET_PLACE, to: outside, target }]),
      ...document.instances.filter(({ subnetId }) => vpcOf(index, subnetId) === vpc).map((instance) => ({
        what: `${instance.id} into ${gateway.id}`, source: placeOfInstance(applied, instance), to: gateway.address, target,
      })),
    ];
  });
}

const isIn = (vpc: Vpc, address: string): boolean => containsAddress(cidrFrom(vpc.cidr), parseAddress(address) ?? 0);
