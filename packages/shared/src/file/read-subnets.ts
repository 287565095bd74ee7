import type { FieldPath } from "../errors/issue";
import { MAIN_INSTANCE_NAME } from "../net/namespace-name";
import { leadsToInternetGateway } from "../topology/subnet-type";
import type { Firewall, PublishedPort } from "../topology/topology";
import { chooseAddresses, type AddressWish } from "./choose-addresses";
import { DEFAULT_FIREWALL, PUBLIC_TABLE } from "./implied";
import type { Reading } from "./reading";
import type { ReadVpc } from "./read-vpc";
import { partsOf } from "./rule-parts";
import { parsePublishedPort } from "./reference-text";
import type { FirewallFile, InstanceFile, SubnetFile } from "./topology-file-schema";

/** The subnets of a VPC, with their instances and NAT gateways. */
export function readSubnets(reading: Reading, vpc: ReadVpc): void {
  for (const [name, file] of Object.entries(vpc.file.subnets ?? {})) readSubnet(reading, vpc, name, file);
}

function readSubnet(reading: Reading, vpc: ReadVpc, name: string, file: SubnetFile): void {
  const path = [...vpc.path, "subnets", name];
  const id = reading.declare("subnet", vpc.id, name, path);
  const named = (kind: "route-table" | "network-acl", value: string | undefined, key: string, what: string) =>
    value === undefined ? null : reading.refer(kind, vpc.id, value, { path: [...path, key], what: `${what} in the VPC “${vpc.name}” called` });
  if (file.type !== undefined && file.routeTable !== undefined) {
    reading.refuse("SCHEMA", [...path, "type"], "Give either a type or a routeTable: the type only chooses the table “public” or the main one.");
  }
  reading.doc.subnets.push({
    id, vpcId: vpc.id, name, cidr: file.cidr,
    routeTableId: file.type === "public" ? reading.find("route-table", vpc.id, PUBLIC_TABLE) : named("route-table", file.routeTable, "routeTable", "route table"),
    networkAclId: named("network-acl", file.networkAcl, "networkAcl", "network ACL"),
    autoAssignPublicAddress: file.autoAssignPublicAddress ?? file.type === "public",
    firewall: file.firewall ? firewallOf(file.firewall) : null,
  });
  readInterfaces(reading, vpc, { id, path, file });
}

/** What a type says must be so. After the routes were read. */
export function checkSubnetTypes(reading: Reading, vpc: ReadVpc): void {
  for (const [name, { type }] of Object.entries(vpc.file.subnets ?? {})) {
    const tableId = type === "public" ? reading.find("route-table", vpc.id, PUBLIC_TABLE) : reading.doc.vpcs.find(({ id }) => id === vpc.id)?.mainRouteTableId;
    const table = reading.doc.routeTables.find((candidate) => candidate.id === tableId);
    if (type === undefined || !table || leadsToInternetGateway(table) === (type === "public")) continue;
    reading.refuse("SCHEMA", [...vpc.path, "subnets", name, "type"], type === "public"
      ? `The route table “${table.name}” has no route to the internet gateway, so the subnet would not be public; add “0.0.0.0/0: internet-gateway” to it.`
      : `The main route table “${table.name}” leads to the internet gateway, so the subnet would be public; name another one with routeTable.`);
  }
}

function firewallOf(file: FirewallFile): Firewall {
  const rules = (file.rules ?? []).flatMap((rule): Firewall["rules"] => {
    const parts = partsOf(rule);
    if (!parts.ok || parts.value.action === null || !("cidr" in parts.value.peer)) return [];
    const { action, protocol, ports, way, peer, description } = parts.value;
    return [{ direction: way === "from" ? "ingress" : "egress", action, protocol, ports, cidr: peer.cidr, description }];
  });
  return { defaults: { ingress: file.defaults?.ingress ?? DEFAULT_FIREWALL.ingress, egress: file.defaults?.egress ?? DEFAULT_FIREWALL.egress }, rules };
}

interface SubnetAt {
  readonly id: string;
  readonly path: FieldPath;
  readonly file: SubnetFile;
}

function readInterfaces(reading: Reading, vpc: ReadVpc, subnet: SubnetAt): void {
  const { file } = subnet;
  const instances = Object.entries(file.instances ?? { [MAIN_INSTANCE_NAME]: null }).map(([name, written]) => ({ name, written: written ?? {} }));
  const natGateways = Object.entries(file.natGateways ?? {}).map(([name, written]) => ({ name, written: written ?? {} }));
  const at = (key: string, name: string) => [...subnet.path, key, name];
  const before = new Map([...reading.existing.instances, ...reading.existing.natGateways].map((owner) => [owner.id, owner.address]));
  const wish = (id: string, path: FieldPath, address: string | undefined): AddressWish => ({ id, path, written: address ?? null, before: before.get(id) ?? null });
  const instanceWishes = instances.map(({ name, written }) => {
    const path = at("instances", name);
    return wish(reading.declare("instance", subnet.id, name, path), path, written.address);
  });
  const natWishes = natGateways.map(({ name, written }) => {
    const path = at("natGateways", name);
    return wish(reading.declare("nat-gateway", subnet.id, name, path), path, written.address);
  });
  const addresses = chooseAddresses(reading, { cidr: file.cidr, vpcCidr: vpc.file.cidr }, [...instanceWishes, ...natWishes]);
  for (const [i, { name, written }] of instances.entries()) {
    const id = instanceWishes[i]?.id ?? "";
    reading.doc.instances.push({ id, subnetId: subnet.id, name, address: addresses.get(id) ?? "", ...settingsOf(reading, vpc, written, at("instances", name)) });
  }
  for (const [i, { name }] of natGateways.entries()) {
    const id = natWishes[i]?.id ?? "";
    reading.doc.natGateways.push({ id, subnetId: subnet.id, name, address: addresses.get(id) ?? "" });
  }
}

function settingsOf(reading: Reading, vpc: ReadVpc, file: InstanceFile, path: FieldPath) {
  const byDefault = reading.doc.vpcs.find(({ id }) => id === vpc.id)?.defaultSecurityGroupId ?? "";
  const groupAt = (i: number) => ({ path: [...path, "groups", i], what: `security group in the VPC “${vpc.name}” called` });
  return {
    webServer: typeof file.webServer === "number" ? { port: file.webServer } : null,
    securityGroupIds: file.groups ? file.groups.map((name, i) => reading.refer("security-group", vpc.id, name, groupAt(i))) : [byDefault],
    sourceDestCheck: file.sourceDestCheck ?? true,
    publishedPorts: (file.publishedPorts ?? []).flatMap((text): PublishedPort[] => {
      const parsed = parsePublishedPort(text);
      return parsed.ok ? [parsed.value] : [];
    }),
  };
}
