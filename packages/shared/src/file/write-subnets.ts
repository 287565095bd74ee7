import { cidrFrom, formatAddress } from "../net/cidr";
import { MAIN_INSTANCE_NAME } from "../net/namespace-name";
import { resolverAddress, usableRange } from "../net/subnet-addresses";
import { leadsToInternetGateway } from "../topology/subnet-type";
import type { Firewall, Instance, Subnet, Vpc } from "../topology/topology";
import { DEFAULT_FIREWALL, PUBLIC_TABLE } from "./implied";
import { publishedPortText } from "./reference-text";
import { writeRule } from "./rule-text";
import { byAddress, byCidr, byName, compact, orNothing, type Writing } from "./writing";

export function writeSubnets(writing: Writing, vpc: Vpc): Readonly<Record<string, unknown>> | undefined {
  return orNothing(Object.fromEntries([...writing.index.subnetsOfVpc(vpc.id)].sort(byCidr).map((subnet) => [subnet.name, writeSubnet(writing, vpc, subnet)])));
}

function writeSubnet(writing: Writing, vpc: Vpc, subnet: Subnet): unknown {
  const { index } = writing;
  const type = typeOf(writing, vpc, subnet);
  const natGateways = [...index.natGatewaysOfSubnet(subnet.id)].sort(byAddress)
    .map(({ id, name, address }) => [name, { address, elasticIp: index.elasticIpOf(id)?.name ?? false }] as const);
  return compact({
    cidr: subnet.cidr,
    type,
    routeTable: type === undefined && subnet.routeTableId !== null ? index.routeTableById.get(subnet.routeTableId)?.name : undefined,
    networkAcl: subnet.networkAclId === null ? undefined : index.networkAclById.get(subnet.networkAclId)?.name,
    autoAssignPublicAddress: subnet.autoAssignPublicAddress === (type === "public") ? undefined : subnet.autoAssignPublicAddress,
    firewall: subnet.firewall ? writeFirewall(subnet.firewall) : undefined,
    instances: writeInstances(writing, vpc, subnet),
    natGateways: orNothing(Object.fromEntries(natGateways)),
  });
}

/** The word where it says the same as the table: `public` is the table of that name, `private` the main one that leads nowhere. */
function typeOf({ index }: Writing, vpc: Vpc, subnet: Subnet): "public" | "private" | undefined {
  const table = index.routeTableById.get(subnet.routeTableId ?? vpc.mainRouteTableId);
  if (!table) return undefined;
  if (subnet.routeTableId === null) return leadsToInternetGateway(table) ? undefined : "private";
  return table.name === PUBLIC_TABLE && leadsToInternetGateway(table) ? "public" : undefined;
}

function writeFirewall({ defaults, rules }: Firewall): unknown {
  const other = compact({
    ingress: defaults.ingress === DEFAULT_FIREWALL.ingress ? undefined : defaults.ingress,
    egress: defaults.egress === DEFAULT_FIREWALL.egress ? undefined : defaults.egress,
  });
  return compact({
    defaults: orNothing(other),
    rules: rules.map(({ direction, action, protocol, ports, cidr, description }) =>
      writeRule({ action, protocol, ports, way: direction === "ingress" ? "from" : "to", peer: cidr, description })),
  });
}

/** Nothing where the subnet has what it gets by itself: `main` at the first address, with no settings. */
function writeInstances(writing: Writing, vpc: Vpc, subnet: Subnet): Readonly<Record<string, unknown>> | undefined {
  const instances = [...writing.index.instancesOfSubnet(subnet.id)].sort((a, b) => byAddress(a, b) || byName(a, b));
  const [only, ...more] = instances.map((instance) => ({ name: instance.name, address: instance.address, settings: settingsOf(writing, vpc, instance) }));
  const isDefault = only && more.length === 0 && only.name === MAIN_INSTANCE_NAME && Object.keys(only.settings).length === 0;
  if (isDefault && only.address === firstFree(writing, vpc, subnet)) return undefined;
  return Object.fromEntries((only ? [only, ...more] : []).map(({ name, address, settings }) => [name, { address, ...settings }]));
}

function firstFree({ doc, index }: Writing, vpc: Vpc, subnet: Subnet): string {
  const taken = [formatAddress(resolverAddress(cidrFrom(vpc.cidr))), ...index.natGatewaysOfSubnet(subnet.id).map((gateway) => gateway.address)];
  const usable = usableRange(cidrFrom(subnet.cidr), doc.settings.addressing);
  let { first } = usable;
  while (first <= usable.last && taken.includes(formatAddress(first))) first++;
  return formatAddress(first);
}

function settingsOf({ index }: Writing, vpc: Vpc, instance: Instance): Record<string, unknown> {
  const { securityGroupIds: ids } = instance;
  const byDefault = ids.length === 1 && ids[0] === vpc.defaultSecurityGroupId;
  return compact({
    webServer: instance.webServer?.port,
    groups: byDefault ? undefined : ids.map((id) => index.groupById.get(id)?.name),
    sourceDestCheck: instance.sourceDestCheck ? undefined : false,
    publishedPorts: instance.publishedPorts.length > 0 ? instance.publishedPorts.map(publishedPortText) : undefined,
    elasticIp: index.elasticIpOf(instance.id)?.name,
  });
}
