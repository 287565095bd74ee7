import { execFileSync } from "node:child_process";
import { gridTopology } from "@vpclab/shared/testing/builders";
import type { NetworkAclEntry, SecurityGroupRule, Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { Engine } from "./engine";
import { type Result, result } from "./result";
import { measureTraffic, type Path, type Traffic } from "./traffic";

/** Two subnets of one VPC with an instance each; both ends of the first are in the way of what is measured. */
const LAB = gridTopology({ vpcs: 1, subnetsPerVpc: 2, instancesPerSubnet: 1 });
const ROUTED: Path = { from: "vpc0-s0", to: "vpc0-s1", address: "10.0.2.2" };
const BARE: Path = { from: "bare-a", to: "bare-b", address: "192.0.2.2" };

/**
 * What VPC, groups and ACLs cost packets: throughput, new connections and latency between instances of two subnets, with 10
 * and with 10,000 rules on the way, each beside a bare veth pair in the same minute.
 */
export async function benchForwarding(): Promise<readonly Result[]> {
  const engine = new Engine(LAB);
  makeBarePair();
  const results: Result[] = [];
  for (const rules of [10, 10_000]) {
    await engine.apply(withRules(LAB, rules));
    const [bare, routed] = await measureTraffic([BARE, ROUTED]);
    if (bare && routed) results.push(...figures(rules, bare, routed));
  }
  await engine.apply(EMPTY_TOPOLOGY);
  for (const name of [BARE.from, BARE.to]) ip(`netns delete ${name}`);
  return results;
}

function figures(rules: number, bare: Traffic, routed: Traffic): Result[] {
  const name = (what: string) => `${what} between two subnets with ${rules.toLocaleString("en")} rules, beside a bare veth pair`;
  return [
    result(name("throughput"), routed.bytesPerSecond / bare.bytesPerSecond, "x", [">=", 0.95]),
    result(name("new TCP connections"), routed.connectionsPerSecond / bare.connectionsPerSecond, "x", [">=", 0.95]),
    result(name("round trip time"), routed.roundTripUs / bare.roundTripUs, "x"),
  ];
}

/** A quarter each: the sender's egress, the receiver's ingress, and the ACL's two directions. What lets the packets through stands last. */
function withRules(doc: Topology, count: number): Topology {
  const quarter = Math.max(1, Math.floor(count / 4));
  const rule = (n: number, direction: "ingress" | "egress"): SecurityGroupRule => ({
    id: `sgr-${((direction === "ingress" ? 0x1_0000_0000 : 0x2_0000_0000) + n).toString(16).padStart(12, "0")}`, direction, description: "",
    ...(n === quarter - 1 ? { protocol: "all", ports: null, peer: { cidr: "10.0.0.0/16" } } : other(n)),
  });
  const entry = (n: number, direction: "ingress" | "egress"): NetworkAclEntry => {
    const { ports, peer: { cidr } } = other(n);
    const last = n === quarter - 1;
    return last
      ? { direction, number: n + 1, action: "allow", protocol: "all", ports: null, cidr: "10.0.0.0/16" }
      : { direction, number: n + 1, action: "deny", protocol: "tcp", ports, cidr };
  };
  const both = <T>(make: (n: number, direction: "ingress" | "egress") => T): T[] =>
    (["ingress", "egress"] as const).flatMap((direction) => Array.from({ length: quarter }, (_, n) => make(n, direction)));
  return {
    ...doc,
    securityGroups: doc.securityGroups.map((group) => ({ ...group, rules: both(rule) })),
    networkAcls: doc.networkAcls.map((acl) => ({ ...acl, entries: both(entry) })),
  };
}

/** A rule that is not about the packets measured: another network, another port, both spread widely. */
const other = (n: number) => ({
  protocol: "tcp" as const,
  ports: { from: 10_000 + (n * 7) % 40_000, to: 10_000 + (n * 7) % 40_000 },
  peer: { cidr: `172.${16 + (n % 16)}.${Math.floor(n / 16) % 256}.0/24` },
});

const ip = (command: string): void => void execFileSync("ip", command.split(" "));

function makeBarePair(): void {
  for (const name of [BARE.from, BARE.to]) ip(`netns add ${name}`);
  ip(`link add veth0 netns ${BARE.from} type veth peer name veth1 netns ${BARE.to}`);
  ip(`-n ${BARE.from} address add 192.0.2.1/24 dev veth0`);
  ip(`-n ${BARE.to} address add ${BARE.address}/24 dev veth1`);
  ip(`-n ${BARE.from} link set veth0 up`);
  ip(`-n ${BARE.to} link set veth1 up`);
}
