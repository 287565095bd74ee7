import { formatAddress } from "../net/cidr";
import { subnetType } from "../topology/subnet-type";
import type { Ends } from "./course";
import type { DrawnInstance, Drawing, NetworkInterface } from "./drawing";
import { translationNote } from "./hops";
import type { Landing, Passage } from "./passage";
import type { Flow } from "./verdict";
import type { Leg } from "./walk";
import { instanceName, interfaceName, listed, quoted, trafficOf } from "./wording";

type At<K extends Passage["at"]> = Extract<Passage, { at: K }>;
const passed = <K extends Passage["at"]>(leg: Leg, at: K): At<K>[] => leg.passages.filter((passage): passage is At<K> => passage.at === at);

/** Why a flow arrives and its answer comes back: what connects the two ends. One sentence. */
export function reachableSentence(ends: Ends, there: Leg, drawing: Drawing): string {
  if (ends.from === "internet") return fromInternet(ends.to, there);
  if (ends.from === "host") return `The host has a link of its own into ${ends.to.subnet.vpc.vpc.name}; security groups and network ACLs are not asked.`;
  if (ends.to === "internet") return toInternet(ends.from, there, drawing);
  if (typeof ends.to === "string") return "Somebody who has that address answers.";
  if (ends.from === ends.to) return "Both ends are the same instance.";
  const [route] = passed(there, "route-table");
  if (!route) return `Both are in subnet ${quoted(ends.from.subnet.subnet)}; no router is involved.`;
  const way = detours(there);
  const [peering] = passed(there, "peering");
  const { vpc } = ends.from.subnet.vpc;
  if (peering) return `Peering ${quoted(peering.peering)} connects ${vpc.name} and ${ends.to.subnet.vpc.vpc.name}, with routes on both sides${way}.`;
  return way === "" ? `The local route of ${vpc.name} (${vpc.cidr}) connects its subnets.` : `Routes of ${vpc.name} lead to ${instanceName(ends.to)}${way}.`;
}

/** The packet ended at somebody else, who has the same address where it was routed. */
export function elsewhereSentence(ends: Ends, there: Leg, landing: Landing): string {
  const address = formatAddress(there.packet.destination);
  const home = typeof ends.from === "string" ? null : ends.from.subnet.vpc;
  const vpc = landing.at === "internet" ? home : landing.at === "instance" ? landing.instance.subnet.vpc : landing.subnet.vpc;
  const stays = vpc && vpc === home
    ? `${address} lies in ${vpc.vpc.name}'s own range, so the packet stays in ${vpc.vpc.name}`
    : `${address} is routed to ${vpc?.vpc.name ?? "the internet"}, which has the same range`;
  const who = landing.at === "instance" ? quoted(landing.instance.instance) : `the router of ${vpc?.vpc.name ?? "the VPC"}`;
  return `${stays} and reaches ${who} there, not the target.`;
}

/** Nothing listens at what is not drawn to: then a refusal is what a probe sees, and it is an answer. */
export function listenerNote(target: DrawnInstance, { protocol, port }: Flow): string {
  if (protocol === "icmp" || (protocol === "tcp" && target.instance.webServer?.port === port)) return "";
  return ` Nothing is drawn to listen on ${protocol === "udp" ? "udp " : ""}port ${port ?? "?"} there, so a refusal is the answer to expect.`;
}

function toInternet({ subnet }: DrawnInstance, there: Leg, drawing: Drawing): string {
  const routes = passed(there, "route-table");
  const [out] = passed(there, "internet-gateway");
  const first = routes[0]?.decision;
  if (!out || !first || !("route" in first)) return "The route table leads to the internet.";
  const { destination } = first.route;
  const route = destination === "0.0.0.0/0" ? "default route" : `route ${destination}`;
  const type = subnetType(drawing.index, subnet.subnet);
  const target = first.kind === "interface" ? `${interfaceName(first.target)} and by its subnet's table to ${out.gateway.name}` : out.gateway.name;
  return `Subnet ${quoted(subnet.subnet)} is ${type}: its ${route} leads to ${target}, which ${translationNote(out.translation)}.`;
}

function fromInternet(to: NetworkInterface, there: Leg): string {
  const [entry] = passed(there, "internet-gateway");
  const rule = passed(there, "security-group").at(-1);
  if (!entry || !rule) return `${interfaceName(to)} is open to the internet.`;
  return `${entry.gateway.name} ${translationNote(entry.translation)}, and ${interfaceName(to)} lets ${trafficOf(rule.packet, "ingress")} in.`;
}

/** `, through vpc1/a/fw and NAT gateway “nat”`: who forwards on the way. */
function detours(there: Leg): string {
  const names = passed(there, "route-table").flatMap(({ decision }) => (decision.kind === "interface" ? [interfaceName(decision.target)] : []));
  return names.length === 0 ? "" : `, through ${listed(names)}`;
}

