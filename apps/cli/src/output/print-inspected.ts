import type { DeploymentState } from "@vpclab/shared/wire/live";
import type { InspectedSubnet, InspectedVpc } from "../lab/inspect-vpc";
import type { Output } from "./output";
import { stateText } from "./state-text";
import { styled, type Text } from "./text";

interface RouterSeen {
  readonly links: readonly { readonly name: string; readonly kind: string; readonly up: boolean; readonly addresses: readonly string[] }[];
  readonly routes: Readonly<Record<string, readonly string[]>>;
}
type Vpc = InspectedVpc & { readonly kernel: RouterSeen | null };

export interface InspectedTopology {
  readonly topology: string;
  readonly place: string;
  readonly revision: number;
  readonly state: DeploymentState;
  readonly vpcs: readonly Vpc[];
}

export function printInspected({ topology, place, revision, state, vpcs }: InspectedTopology, out: Output): void {
  out.line([`Topology “${topology}” on ${place}, revision ${revision}: `, stateText(state)]);
  if (vpcs.length === 0) out.line("No VPCs.");
  for (const vpc of vpcs) {
    out.line();
    printVpc(vpc, out);
  }
}

function printVpc(vpc: Vpc, out: Output): void {
  const host = vpc.reachableFromHost ? ", reachable from the host" : "";
  out.line([styled("bold", `VPC ${vpc.name}`), `  ${vpc.cidr}  router: namespace ${vpc.namespace}${host}  `, stateText(vpc.state)]);
  out.line();
  table(out, ["SUBNET", "CIDR", "TYPE", "BRIDGE", "GATEWAY", "ROUTE TABLE", "NETWORK ACL", "STATE"], vpc.subnets.map((subnet): Text[] => [
    subnet.name, subnet.cidr, subnet.type, bridgeText(subnet, vpc.kernel), gatewayText(subnet, vpc.kernel), subnet.routeTable, subnet.networkAcl, stateText(subnet.state),
  ]));
  table(out, ["FIREWALL OF", "RULES"], vpc.subnets.flatMap(({ name, firewall }): Text[][] => (firewall === null ? [] : [[name, firewall]])));
  table(out, ["NAMESPACE", "INSTANCE", "ADDRESS", "PUBLIC ADDRESS", "SECURITY GROUPS", "LISTENS", "STATE"], vpc.subnets.flatMap(({ name: subnet, instances }) =>
    instances.map((instance): Text[] => [
      instance.namespace, `${subnet}/${instance.name}`, instance.address, instance.publicAddress ?? "-", instance.securityGroups.join(", ") || "-",
      instance.webServerPort === null ? "-" : `tcp ${instance.webServerPort}`, stateText(instance.state),
    ])));
  table(out, ["ROUTE TABLE", "KERNEL TABLE", "ROUTES"], vpc.routeTables.map(({ name, main, kernelTable, routes }): Text[] => [
    `${name}${main ? " (main)" : ""}`, kernelTable, routes.join(", "),
  ]));
  table(out, ["NAT", "WHAT", "STATE"], natRows(vpc));
  table(out, ["PEERING", "WITH", "STATUS", "STATE"], vpc.peerings.map((peering): Text[] => [peering.name, peering.with, peering.status, stateText(peering.state)]));
  printKernel(vpc, out);
}

/** A table with its titles and a blank line below; nothing where it has no rows. */
function table(out: Output, titles: readonly string[], rows: readonly Text[][]): void {
  if (rows.length === 0) return;
  out.table(titles.map((title) => ({ title })), rows);
  out.line();
}

const natRows = ({ internetGateway, subnets }: Vpc): Text[][] => [
  ...(internetGateway ? [[internetGateway.name, "internet gateway", stateText(internetGateway.state)]] : []),
  ...subnets.flatMap(({ name, instances }) => instances.filter(({ kind }) => kind === "nat-gateway").map((nat): Text[] => [
    `${name}/${nat.name}`, `NAT gateway, ${nat.address}${nat.publicAddress === null ? "" : ` as ${nat.publicAddress}`}`, stateText(nat.state),
  ])),
];

function bridgeText({ bridge }: InspectedSubnet, kernel: RouterSeen | null): Text {
  const link = kernel?.links.find(({ name }) => name === bridge);
  return kernel === null || link?.up ? bridge : styled("red", `${bridge} (${link ? "down" : "not there"})`);
}

function gatewayText({ bridge, gateway }: InspectedSubnet, kernel: RouterSeen | null): Text {
  const link = kernel?.links.find(({ name }) => name === bridge);
  return kernel === null || link?.addresses.some((address) => address.startsWith(`${gateway}/`)) ? gateway : styled("red", `${gateway} (not on the bridge)`);
}

/** Links and routes as they are in the kernel just now; only where it can be looked into. */
function printKernel({ kernel, namespace, routeTables }: Vpc, out: Output): void {
  if (kernel === null) return;
  out.line(styled("dim", `In the kernel: ip -n ${namespace} address, ip -n ${namespace} route show table all`));
  for (const { name, kind, up, addresses } of kernel.links) out.line(`  ${kind} ${name} ${up ? "up" : "down"} ${addresses.join(" ")}`.trimEnd());
  for (const [number, routes] of Object.entries(kernel.routes)) {
    const drawn = routeTables.find(({ kernelTable }) => kernelTable === number);
    out.line(`  table ${number}${drawn ? ` (${drawn.name})` : ""}`);
    for (const route of routes) out.line(`    ${route}`);
  }
}
