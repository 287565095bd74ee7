import { formatAddress, cidrFrom } from "../net/cidr";
import { ALLOW_ALL_ENTRIES } from "../topology/new-defaults";
import type {
  DrawnRoute, Firewall, FirewallRule, Instance, NatGateway, NetworkAcl, NetworkAclEntry, Peering, PortRange, Protocol, RouteTable, SecurityGroup, SecurityGroupRule, Subnet, Topology, Vpc,
} from "../topology/topology";
import { EMPTY_TOPOLOGY } from "../topology/topology";

export const EVERYBODY = "0.0.0.0/0";

/**
 * Small documents written by hand, for tests of what a drawing promises: objects by their names, everything open until a
 * test closes it. Ids are short words behind the right prefix.
 */
export class TinyLab {
  readonly doc: Topology = structuredClone(EMPTY_TOPOLOGY);
  #rules = 0;

  /** A VPC with main table (empty), default ACL (allows all) and default group (allows all), and an internet gateway `<name>-igw`. */
  vpc(name: string, cidr: string): Vpc {
    const vpc: Vpc = { id: `vpc-${name}`, name, cidr, mainRouteTableId: `rtb-${name}-main`, defaultNetworkAclId: `acl-${name}-default`, defaultSecurityGroupId: `sg-${name}-default`, reachableFromHost: false, dnsSupport: false };
    this.doc.vpcs.push(vpc);
    this.doc.routeTables.push({ id: vpc.mainRouteTableId, vpcId: vpc.id, name: "main", routes: [] });
    this.doc.networkAcls.push({ id: vpc.defaultNetworkAclId, vpcId: vpc.id, name: "default", entries: ALLOW_ALL_ENTRIES.map((entry) => ({ ...entry })) });
    this.doc.securityGroups.push({ id: vpc.defaultSecurityGroupId, vpcId: vpc.id, name: "default", description: "", rules: [this.rule("ingress"), this.rule("egress")] });
    this.doc.internetGateways.push({ id: `igw-${name}`, vpcId: vpc.id, name: `${name}-igw` });
    return vpc;
  }

  /** A subnet `<vpc>/<name>` with its `main` instance at .2; with routes it has a table of its own, `<vpc>-<name>`. */
  subnet(place: string, cidr: string, routes?: DrawnRoute[]): Subnet {
    const [vpc = "", name = ""] = place.split("/");
    const id = `subnet-${vpc}-${name}`;
    const table = routes && this.table(vpc, name, routes);
    const subnet: Subnet = { id, vpcId: `vpc-${vpc}`, name, cidr, routeTableId: table?.id ?? null, networkAclId: null, autoAssignPublicAddress: false, firewall: null };
    this.doc.subnets.push(subnet);
    this.instance(`${place}/main`, 2);
    return subnet;
  }

  instance(place: string, host: number, groups?: SecurityGroup[]): Instance {
    const [vpc = "", subnetName = "", name = ""] = place.split("/");
    const subnet = this.doc.subnets.find(({ id }) => id === `subnet-${vpc}-${subnetName}`);
    const instance: Instance = {
      id: `i-${vpc}-${subnetName}-${name}`, subnetId: subnet?.id ?? "", name, address: formatAddress(cidrFrom(subnet?.cidr ?? "").base + host), webServer: null,
      securityGroupIds: groups?.map(({ id }) => id) ?? [`sg-${vpc}-default`], sourceDestCheck: true, publishedPorts: [],
    };
    this.doc.instances.push(instance);
    return instance;
  }

  /** An instance that forwards, e.g. `v/pub/fw`. */
  middlebox(place: string, host: number, groups?: SecurityGroup[]): Instance {
    return Object.assign(this.instance(place, host, groups), { sourceDestCheck: false });
  }

  nat(place: string, host: number): NatGateway {
    const [vpc = "", subnetName = "", name = ""] = place.split("/");
    const subnet = this.doc.subnets.find(({ id }) => id === `subnet-${vpc}-${subnetName}`);
    const gateway: NatGateway = { id: `nat-${name}`, subnetId: subnet?.id ?? "", name, address: formatAddress(cidrFrom(subnet?.cidr ?? "").base + host) };
    this.doc.natGateways.push(gateway);
    return gateway;
  }

  elasticIp(target: Instance | NatGateway): void {
    const kind = "sourceDestCheck" in target ? "instance" : "nat-gateway";
    this.doc.elasticIps.push({ id: `eipalloc-${target.id}`, name: `eip-${target.name}`, target: { kind, id: target.id } });
  }

  table(vpc: string, name: string, routes: DrawnRoute[]): RouteTable {
    const table: RouteTable = { id: `rtb-${vpc}-${name}`, vpcId: `vpc-${vpc}`, name, routes };
    this.doc.routeTables.push(table);
    return table;
  }

  group(vpc: string, name: string, rules: SecurityGroupRule[]): SecurityGroup {
    const group: SecurityGroup = { id: `sg-${vpc}-${name}`, vpcId: `vpc-${vpc}`, name, description: "", rules };
    this.doc.securityGroups.push(group);
    return group;
  }

  /** An ACL of its own for a subnet, `<vpc>/<name>`: nothing but these entries. */
  acl(place: string, entries: NetworkAclEntry[]): NetworkAcl {
    const [vpc = "", name = ""] = place.split("/");
    const acl: NetworkAcl = { id: `acl-${vpc}-${name}`, vpcId: `vpc-${vpc}`, name, entries };
    this.doc.networkAcls.push(acl);
    for (const subnet of this.doc.subnets) if (subnet.id === `subnet-${vpc}-${name}`) subnet.networkAclId = acl.id;
    return acl;
  }

  /** A firewall for a subnet, `<vpc>/<name>`; what no rule names passes, unless the defaults say otherwise. */
  firewall(place: string, rules: FirewallRule[], defaults: Partial<Firewall["defaults"]> = {}): void {
    for (const subnet of this.doc.subnets) {
      if (subnet.id === `subnet-${place.replace("/", "-")}`) subnet.firewall = { defaults: { ingress: "allow", egress: "allow", ...defaults }, rules };
    }
  }

  /** Active, with no routes. */
  peering(a: string, b: string): Peering {
    const peering: Peering = { id: `pcx-${a}-${b}`, name: `${a}-${b}`, requesterVpcId: `vpc-${a}`, accepterVpcId: `vpc-${b}`, status: "active", remote: null };
    this.doc.peerings.push(peering);
    return peering;
  }

  /** A rule `sgr-1`, `sgr-2` … in the order of making. */
  rule(direction: "ingress" | "egress", protocol: Protocol = "all", ports: PortRange | null = null, peer: SecurityGroupRule["peer"] = { cidr: EVERYBODY }): SecurityGroupRule {
    return { id: `sgr-${++this.#rules}`, direction, protocol, ports, peer, description: "" };
  }
}

export const entry = (
  direction: "ingress" | "egress", number: number, action: "allow" | "deny", protocol: Protocol = "all", ports: PortRange | null = null, cidr = EVERYBODY,
): NetworkAclEntry => ({ direction, number, action, protocol, ports, cidr });

export const fwRule = (
  direction: "ingress" | "egress", action: "allow" | "deny", protocol: Protocol = "all", ports: PortRange | null = null, cidr = EVERYBODY,
): FirewallRule => ({ direction, action, protocol, ports, cidr, description: "" });

export const port = (from: number, to = from): PortRange => ({ from, to });
export const via = (destination: string, kind: DrawnRoute["target"]["kind"], id: string): DrawnRoute => ({ destination, target: { kind, id } });
