import type { RandomBytes } from "../topology/ids";
import { buildTemplate } from "../templates/build-template";
import { ALLOW_ALL_ENTRIES } from "../topology/new-defaults";
import { EVERYWHERE } from "../topology/subnet-routing";
import type { Instance, SecurityGroup, SecurityGroupRule, Subnet, Topology } from "../topology/topology";
import { EMPTY_TOPOLOGY } from "../topology/topology";
import { cidrFrom } from "../net/cidr";
import { allocatePublicAddresses, publicAddressOwners } from "../plan/public-addresses";
import { allocateSlots } from "../plan/transit";
import { transitObjects } from "../plan/compile";
import type { CompileContext } from "../plan/compile-context";

/** A repeatable stand-in for `crypto.getRandomValues` (mulberry32): the same seed gives the same ids. */
export function seededRandom(seed: number): RandomBytes {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) & 0xff;
  };
  return (bytes) => bytes.map(next);
}

export const twoVpcLab = (): Topology => buildTemplate("two-vpc", seededRandom(1)).document;
export const peeredLab = (): Topology => buildTemplate("two-vpc-peered", seededRandom(1)).document;

export const TEST_TOPOLOGY_ID = "00000000-0000-4000-8000-000000000001";

/** The sandbox's pool. */
const POOL = cidrFrom("198.51.100.128/25");

export function testContext(doc: Topology, overrides: Partial<CompileContext> = {}): CompileContext {
  return {
    agentId: "agent1",
    topologyId: TEST_TOPOLOGY_ID,
    topologyName: "default",
    slots: allocateSlots({}, transitObjects(doc)) ?? {},
    publicAddresses: allocatePublicAddresses(POOL, {}, publicAddressOwners(doc)),
    remoteRouters: {},
    host: { uplink: "uplink0", uplinkForwardingBefore: "0", publicPool: true, otherGateways: [], otherAccessLinks: [], closedVpcs: [], dnsUpstreams: [] },
    ...overrides,
  };
}

export interface GridSize {
  readonly vpcs: number;
  readonly subnetsPerVpc: number;
  readonly instancesPerSubnet: number;
  /**
   * Each subnet's instances get a group of their own: a tier, which the tier before may reach on tcp 8080 (the first one:
   * everybody), and this many ingress rules in all. Without it, all are in their VPC's default group.
   */
  readonly rulesPerGroup?: number;
}

/** Pools of test hosts have some 126 addresses. */
const PUBLIC_INSTANCES_MAX = 100;

/**
 * A grid of VPCs `vpc0`, `vpc1` … (10.0.0.0/16, 10.1.0.0/16 …), each with an internet gateway, its first subnet public and
 * the others private, with `main` and further instances from .2 on. Not peered. For load: 10 × 2 × 5 is 100 instances. The
 * first hundred instances of public subnets get public addresses.
 */
export function gridTopology(size: GridSize): Topology {
  const doc: Topology = {
    ...EMPTY_TOPOLOGY, vpcs: [], subnets: [], instances: [], internetGateways: [], routeTables: [], securityGroups: [], networkAcls: [],
  };
  for (let v = 0; v < size.vpcs; v++) {
    const vpcId = hexId("vpc", v);
    const ids = { main: hexId("rtb", v * 2), public: hexId("rtb", v * 2 + 1), acl: hexId("acl", v), group: hexId("sg", v * 1000), igw: hexId("igw", v) };
    doc.vpcs.push({
      id: vpcId, name: `vpc${v}`, cidr: `10.${v}.0.0/16`,
      mainRouteTableId: ids.main, defaultNetworkAclId: ids.acl, defaultSecurityGroupId: ids.group, reachableFromHost: false, dnsSupport: false,
    });
    doc.internetGateways.push({ id: ids.igw, vpcId, name: `igw${v}` });
    doc.routeTables.push(
      { id: ids.main, vpcId, name: "main", routes: [] },
      { id: ids.public, vpcId, name: "public", routes: [{ destination: EVERYWHERE, target: { kind: "internet-gateway", id: ids.igw } }] },
    );
    doc.networkAcls.push({ id: ids.acl, vpcId, name: "default", entries: ALLOW_ALL_ENTRIES.map((entry) => ({ ...entry })) });
    doc.securityGroups.push(group(vpcId, v * 1000, "default", [{ securityGroupId: ids.group }]));
    for (let s = 0; s < size.subnetsPerVpc; s++) {
      const subnet: Subnet = {
        id: hexId("subnet", v * 1000 + s), vpcId, name: `s${s}`, cidr: `10.${v}.${s + 1}.0/24`,
        routeTableId: s === 0 ? ids.public : null, networkAclId: null,
        autoAssignPublicAddress: s === 0 && (v + 1) * size.instancesPerSubnet <= PUBLIC_INSTANCES_MAX, firewall: null,
      };
      doc.subnets.push(subnet);
      const tier = size.rulesPerGroup === undefined ? null : tierGroup(vpcId, v, s, size.rulesPerGroup);
      if (tier) doc.securityGroups.push(tier);
      for (let n = 0; n < size.instancesPerSubnet; n++) {
        doc.instances.push(gridInstance(subnet, v * 1_000_000 + s * 1000 + n, n, tier?.id ?? ids.group));
      }
    }
  }
  return doc;
}

const hexId = (prefix: string, number: number): string => `${prefix}-${number.toString(16).padStart(12, "0")}`;

function gridInstance(subnet: Subnet, number: number, n: number, groupId: string): Instance {
  const address = subnet.cidr.replace(/\.0\/24$/, `.${n + 2}`);
  return {
    id: hexId("i", number), subnetId: subnet.id, name: n === 0 ? "main" : `i${n}`, address, webServer: null,
    securityGroupIds: [groupId], sourceDestCheck: true, publishedPorts: [],
  };
}

function tierGroup(vpcId: string, v: number, s: number, ingressRules: number): SecurityGroup {
  const number = v * 1000 + s + 1;
  const before: SecurityGroupRule["peer"] = s === 0 ? { cidr: EVERYWHERE } : { securityGroupId: hexId("sg", number - 1) };
  return group(vpcId, number, `tier${s}`, Array.from({ length: ingressRules }, () => before), 8080);
}

/** Ingress from each peer (`firstPort` null: everything, else one tcp port after the other), egress to everywhere. */
function group(vpcId: string, number: number, name: string, peers: SecurityGroupRule["peer"][], firstPort: number | null = null): SecurityGroup {
  const ruleId = (n: number) => hexId("sgr", number * 100 + n);
  const ingress = peers.map((peer, n): SecurityGroupRule => ({
    id: ruleId(n), direction: "ingress", peer, description: "",
    protocol: firstPort === null ? "all" : "tcp", ports: firstPort === null ? null : { from: firstPort + n, to: firstPort + n },
  }));
  const egress: SecurityGroupRule = {
    id: ruleId(peers.length), direction: "egress", protocol: "all", ports: null, peer: { cidr: EVERYWHERE }, description: "",
  };
  return { id: hexId("sg", number), vpcId, name, description: "", rules: [...ingress, egress] };
}
