import { groupsOf, networkAclOf } from "@vpclab/shared/topology/effective";
import type { TopologyIndex } from "@vpclab/shared/topology/topology-index";
import type { Instance, PortRange } from "@vpclab/shared/topology/topology";

const USUAL = [22, 53, 80, 443, 8080];
const LAST = 65_535;

/** Both sides of both borders of a range: where an off-by-one shows. */
const borders = ({ from, to }: PortRange): number[] => [from - 1, from, to, to + 1].filter((port) => port >= 1 && port <= LAST);

const rangesOf = (rules: readonly { readonly ports: PortRange | null }[]): PortRange[] => rules.flatMap(({ ports }) => ports ?? []);

/** Destination ports at which some rule of this instance, or of its subnet's ACL or firewall, changes its mind; and the usual ones. */
export function interestingPorts(index: TopologyIndex, instance: Instance): number[] {
  const rules = groupsOf(index, instance).flatMap((group) => rangesOf(group.rules));
  const published = instance.publishedPorts.flatMap(({ port, hostPort }) => [port, hostPort]);
  const ofFirewall = rangesOf(index.subnetById.get(instance.subnetId)?.firewall?.rules ?? []);
  return [...new Set([...USUAL, ...published, ...[...rules, ...ofFirewall, ...aclRanges(index, instance)].flatMap(borders)])];
}

/** Source ports at whose borders a stateless rule lets the answer through or not. Well-known ports are nobody's source ports. */
export const interestingSourcePorts = (index: TopologyIndex, instance: Instance): number[] =>
  [...new Set(aclRanges(index, instance).flatMap(borders))].filter((port) => port >= 1024);

function aclRanges(index: TopologyIndex, instance: Instance): PortRange[] {
  const subnet = index.subnetById.get(instance.subnetId);
  return subnet ? rangesOf(networkAclOf(index, subnet).entries) : [];
}
