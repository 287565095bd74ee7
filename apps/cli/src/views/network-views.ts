import { instanceNamespace, routerNamespace } from "@vpclab/shared/net/namespace-name";
import { describeFirewallRule } from "@vpclab/shared/topology/describe-rule";
import { networkAclOf, routeTableOf } from "@vpclab/shared/topology/effective";
import { subnetType } from "@vpclab/shared/topology/subnet-type";
import type { Instance, Subnet } from "@vpclab/shared/topology/topology";
import { columns, DASH, joined, onOff, stateCell, type Section, type View, type ViewContext } from "./view";

const waits = ({ index }: ViewContext, subnet: Subnet): boolean =>
  routeTableOf(index, subnet).routes.some(({ target }) => target.kind === "gone" && target.id.startsWith("igw-"));

/** `public`, `private`, or why it is neither yet. */
export const typeText = (context: ViewContext, subnet: Subnet): string =>
  waits(context, subnet) ? "public (waits for an internet gateway)" : subnetType(context.index, subnet);

export const vpcView: View<"vpc"> = {
  columns: columns("CIDR", "SUBNETS #", "INSTANCES #", "INTERNET", "FROM THE HOST", "DNS"),
  row: (vpc, { index }) => {
    const subnets = index.subnetsOfVpc(vpc.id);
    return [
      vpc.cidr, String(subnets.length), String(subnets.flatMap(({ id }) => index.instancesOfSubnet(id)).length),
      index.gatewayOfVpc(vpc.id)?.name ?? DASH, onOff(vpc.reachableFromHost), onOff(vpc.dnsSupport),
    ];
  },
  json: (vpc, { index, topologyName }) => ({
    namespace: routerNamespace(topologyName, vpc.name),
    internetGateway: index.gatewayOfVpc(vpc.id)?.name ?? null,
    subnets: index.subnetsOfVpc(vpc.id).map(({ name }) => name),
    peerings: index.peeringsOfVpc(vpc.id).map(({ name }) => name),
  }),
  sections: (vpc, context) => [
    {
      title: "Subnets", columns: columns("SUBNET", "CIDR", "TYPE", "STATE"),
      rows: context.index.subnetsOfVpc(vpc.id).map((subnet) => [`${vpc.name}/${subnet.name}`, subnet.cidr, typeText(context, subnet), stateCell(context, subnet.id)]),
    },
    {
      title: "Peerings", columns: columns("PEERING", "STATUS", "STATE"),
      rows: context.index.peeringsOfVpc(vpc.id).map((peering) => [peering.name, peering.status, stateCell(context, peering.id)]),
    },
  ],
};

export const subnetView: View<"subnet"> = {
  columns: columns("CIDR", "TYPE", "ROUTE TABLE", "NETWORK ACL", "FIREWALL", "INSTANCES #"),
  row: (subnet, context) => [
    subnet.cidr, typeText(context, subnet), routeTableOf(context.index, subnet).name, networkAclOf(context.index, subnet).name,
    firewallText(subnet), String(context.index.instancesOfSubnet(subnet.id).length),
  ],
  json: (subnet, context) => ({
    type: subnetType(context.index, subnet), waitsForGateway: waits(context, subnet), namespace: namespaceOf(context, subnet, "main"),
    routeTable: routeTableOf(context.index, subnet).name, networkAcl: networkAclOf(context.index, subnet).name,
  }),
  sections: (subnet, context) => [
    {
      title: "Instances", columns: columns("INSTANCE", "ADDRESS", "NAMESPACE", "STATE"),
      rows: context.index.instancesOfSubnet(subnet.id).map((instance) =>
        [instance.name, instance.address, namespaceOf(context, subnet, instance.name), stateCell(context, instance.id)]),
    },
    ...firewallSections(subnet),
  ],
};

const firewallText = ({ firewall }: Subnet): string =>
  firewall === null ? DASH : `${firewall.rules.length} ${firewall.rules.length === 1 ? "rule" : "rules"}, then ${firewall.defaults.ingress}`;

/** A subnet's firewall as it is asked from the top. */
export function firewallSections({ firewall }: Subnet): Section[] {
  if (firewall === null) return [];
  const end = (["ingress", "egress"] as const).map((direction) => ["then", `${firewall.defaults[direction]} ${direction === "ingress" ? "what comes in" : "what goes out"}`]);
  return [{
    title: "Firewall", columns: columns("#", "RULE"),
    rows: [...firewall.rules.map((rule, i) => [String(i + 1), describeFirewallRule(rule)]), ...end],
  }];
}

function namespaceOf({ index, topologyName }: ViewContext, subnet: Subnet, instance: string): string {
  return instanceNamespace(topologyName, index.vpcById.get(subnet.vpcId)?.name ?? "?", subnet.name, instance);
}

export const instanceView: View<"instance"> = {
  columns: columns("NAMESPACE", "ADDRESS", "PUBLIC", "SECURITY GROUPS", "WEB SERVER"),
  row: (instance, context) => [
    instanceNamespaceOf(instance, context), instance.address, publicAddressOf(instance, context) ?? DASH, joined(groupNames(instance, context)),
    instance.webServer ? `port ${instance.webServer.port}` : DASH,
  ],
  json: (instance, context) => ({
    namespace: instanceNamespaceOf(instance, context), publicAddress: publicAddressOf(instance, context), securityGroups: groupNames(instance, context),
  }),
  sections: ({ publishedPorts, sourceDestCheck }) => [
    { title: "Published ports", columns: columns("HOST", "INSTANCE"), rows: publishedPorts.map(({ protocol, hostPort, port }) => [`${protocol} ${hostPort}`, String(port)]) },
    ...(sourceDestCheck ? [] : [{ title: "Middlebox", columns: columns("SOURCE/DESTINATION CHECK"), rows: [["off: it forwards what a route table sends to it"]] }]),
  ],
};

const groupNames = (instance: Instance, { index }: ViewContext): string[] => instance.securityGroupIds.map((id) => index.groupById.get(id)?.name ?? id);

export function instanceNamespaceOf(instance: Instance, context: ViewContext): string {
  const subnet = context.index.subnetById.get(instance.subnetId);
  return subnet ? namespaceOf(context, subnet, instance.name) : DASH;
}

/** Of its Elastic IP, else the one that it got by itself. */
export const publicAddressOf = ({ id }: { readonly id: string }, { index, deployment }: ViewContext): string | null =>
  deployment.publicAddresses[index.elasticIpOf(id)?.id ?? id] ?? null;
