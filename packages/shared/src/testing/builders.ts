import type { RandomBytes } from "../topology/ids";
import { buildTemplate } from "../topology/template";
import type { Instance, Subnet, SubnetType, Topology } from "../topology/topology";
import { EMPTY_TOPOLOGY } from "../topology/topology";
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

export function testContext(doc: Topology, overrides: Partial<CompileContext> = {}): CompileContext {
  return {
    agentId: "agent1",
    topologyId: TEST_TOPOLOGY_ID,
    topologyName: "default",
    slots: allocateSlots({}, transitObjects(doc)) ?? {},
    host: { uplink: "uplink0", uplinkForwardingBefore: "0", otherGatewayLinks: [] },
    ...overrides,
  };
}

/**
 * A grid of VPCs `vpc0`, `vpc1` … (10.0.0.0/16, 10.1.0.0/16 …), each with an internet gateway, its first subnet public and
 * the others private, with `main` and further instances from .2 on. Not peered. For load: 10 × 2 × 5 is 100 instances.
 */
export function gridTopology(size: { vpcs: number; subnetsPerVpc: number; instancesPerSubnet: number }): Topology {
  const doc: Topology = { ...EMPTY_TOPOLOGY, vpcs: [], subnets: [], instances: [], internetGateways: [], peerings: [] };
  for (let v = 0; v < size.vpcs; v++) {
    const vpcId = hexId("vpc", v);
    doc.vpcs.push({ id: vpcId, name: `vpc${v}`, cidr: `10.${v}.0.0/16` });
    doc.internetGateways.push({ id: hexId("igw", v), vpcId, name: `igw${v}` });
    for (let s = 0; s < size.subnetsPerVpc; s++) {
      const type: SubnetType = s === 0 ? "public" : "private";
      const subnet: Subnet = { id: hexId("subnet", v * 1000 + s), vpcId, name: `s${s}`, cidr: `10.${v}.${s + 1}.0/24`, type };
      doc.subnets.push(subnet);
      for (let n = 0; n < size.instancesPerSubnet; n++) doc.instances.push(gridInstance(subnet, v * 100_000 + s * 1000 + n, n));
    }
  }
  return doc;
}

const hexId = (prefix: string, number: number): string => `${prefix}-${number.toString(16).padStart(12, "0")}`;

function gridInstance(subnet: Subnet, number: number, n: number): Instance {
  const address = subnet.cidr.replace(/\.0\/24$/, `.${n + 2}`);
  return { id: hexId("i", number), subnetId: subnet.id, name: n === 0 ? "main" : `i${n}`, address, webServer: null };
}
