import { networkAclOf } from "../topology/effective";
import type { Direction, Instance, PortRange, Protocol } from "../topology/topology";
import type { DrawnInstance, Drawing } from "./drawing";
import type { Flow } from "./verdict";

/** What is asked of one pair: few enough to be asked of many pairs. */
export const QUESTIONS_OF_PAIR_MAX = 6;
const WEB: Traffic = { protocol: "tcp", port: 80 };

export type Traffic = Pick<Flow, "protocol" | "port">;

/**
 * The traffic that is worth asking about, of one instance in one document: a ping, what listens there, and the ports that rules
 * name in this direction. A range stands for its first port, and a rule for every port of tcp for 80.
 */
export function trafficOfInterest(drawing: Drawing, { instance, groups, subnet }: DrawnInstance, direction: Direction): Traffic[] {
  const acl = networkAclOf(drawing.index, subnet.subnet);
  const rules: readonly { direction: Direction; protocol: Protocol; ports: PortRange | null }[] = [
    ...groups.groups.flatMap((group) => group.rules), ...(subnet.subnet.firewall?.rules ?? []), ...acl.entries,
  ];
  const named = rules.filter((rule) => rule.direction === direction).flatMap(({ protocol, ports }): Traffic[] =>
    (protocol === "tcp" || protocol === "udp") && ports ? [{ protocol, port: ports.from }] : []);
  return [...(direction === "ingress" ? listening(instance) : []), ...named];
}

const listening = ({ webServer }: Instance): Traffic[] => (webServer ? [{ protocol: "tcp", port: webServer.port }] : []);

/** A ping first, then what is given, each once; at least one port of tcp. */
export function questionsOf(traffic: readonly Traffic[]): Traffic[] {
  const all = new Map<string, Traffic>([["icmp", { protocol: "icmp", port: null }]]);
  for (const one of traffic) all.set(trafficText(one), one);
  if (![...all.values()].some(({ protocol }) => protocol === "tcp")) all.set(trafficText(WEB), WEB);
  return [...all.values()].slice(0, QUESTIONS_OF_PAIR_MAX);
}

/** `icmp`, `tcp 5432`. */
export const trafficText = ({ protocol, port }: Traffic): string => (port === null ? protocol : `${protocol} ${port}`);

/**
 * Instances that a drawing treats alike, as far as rules do not name their addresses one by one: same subnet, groups, listener,
 * source/destination check, and whether they have a public address.
 */
export function likeness({ doc }: Drawing, { instance }: DrawnInstance): string {
  const hasElasticIp = doc.elasticIps.some(({ target }) => target?.id === instance.id);
  const { subnetId, securityGroupIds, webServer, sourceDestCheck, publishedPorts } = instance;
  return JSON.stringify([subnetId, [...securityGroupIds].sort(), webServer, sourceDestCheck, publishedPorts.length > 0 ? instance.id : "", hasElasticIp]);
}
