import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridTopology } from "../testing/builders";
import { entry, port, TinyLab, via } from "../testing/tiny-lab";
import type { Protocol, Topology } from "../topology/topology";
import { findObject } from "../topology/topology-index";
import { prepare } from "./drawing";
import type { PromiseOptions } from "./promises";
import { promises } from "./promises";
import { explain } from "./reachability";

/** Numbers that choose one of what there is. */
type Dice = readonly [number, number, number, number];
const dice = fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999), fc.nat(999));
const pick = <T>(items: readonly T[], number: number): T => items[number % items.length]!;

/** Two to four VPCs of two subnets each, the first public, every two of them peered or not, all open. */
const openLabs = fc.record({ vpcs: fc.integer({ min: 2, max: 4 }), peered: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), sameRange: fc.boolean() })
  .map(({ vpcs, peered, sameRange }) => {
    const lab = new TinyLab();
    for (let v = 0; v < vpcs; v++) {
      // The last two may have the same range; then those are not peered.
      const second = sameRange && v === vpcs - 1 ? v - 1 : v;
      lab.vpc(`v${v}`, `10.${second}.0.0/16`);
      lab.subnet(`v${v}/pub`, `10.${second}.1.0/24`, [via("0.0.0.0/0", "internet-gateway", `igw-v${v}`)]).autoAssignPublicAddress = true;
      lab.subnet(`v${v}/priv`, `10.${second}.2.0/24`);
      lab.instance(`v${v}/priv/second`, 3);
    }
    let pair = 0;
    for (let a = 0; a < vpcs; a++) {
      for (let b = a + 1; b < vpcs; b++) {
        const [cidrA, cidrB] = [lab.doc.vpcs[a]!.cidr, lab.doc.vpcs[b]!.cidr];
        if (!peered[pair++] || cidrA === cidrB) continue;
        const { id } = lab.peering(`v${a}`, `v${b}`);
        for (const table of lab.doc.routeTables) {
          const add = table.vpcId === `vpc-v${a}` ? cidrB : table.vpcId === `vpc-v${b}` ? cidrA : null;
          if (add && !table.routes.some(({ destination }) => destination === add)) table.routes.push(via(add, "peering", id));
        }
      }
    }
    return lab;
  });

/** Things people do to a lab: forwarders, routes, rules, entries. All leave it a document that can be analysed. */
const CHANGES: readonly ((lab: TinyLab, dice: Dice) => void)[] = [
  ({ doc }, [a, b, c]) => {
    const table = pick(doc.routeTables, a);
    const own = doc.subnets.filter(({ vpcId }) => vpcId === table.vpcId);
    const targets = [
      ...doc.instances.filter(({ subnetId }) => own.some(({ id }) => id === subnetId)).map(({ id }) => ["instance", id] as const),
      ...doc.natGateways.filter(({ subnetId }) => own.some(({ id }) => id === subnetId)).map(({ id }) => ["nat-gateway", id] as const),
      ...doc.internetGateways.filter(({ vpcId }) => vpcId === table.vpcId).map(({ id }) => ["internet-gateway", id] as const),
      ...doc.peerings.filter(({ requesterVpcId, accepterVpcId }) => [requesterVpcId, accepterVpcId].includes(table.vpcId)).map(({ id }) => ["peering", id] as const),
      ["gone", "igw-0123456789ab"] as const,
    ];
    const [kind, id] = pick(targets, c);
    const destination = pick(["0.0.0.0/0", "203.0.113.0/24", ...own.map(({ cidr }) => cidr), ...doc.vpcs.map(({ cidr }) => cidr)], b);
    if (!table.routes.some((route) => route.destination === destination)) table.routes.push(via(destination, kind, id));
  },
  ({ doc }, [a]) => void (pick(doc.instances, a).sourceDestCheck = false),
  (lab, [a, b]) => {
    const subnet = pick(lab.doc.subnets, a);
    const name = `n${lab.doc.natGateways.length}`;
    const nat = lab.nat(`${subnet.vpcId.replace("vpc-", "")}/${subnet.name}/${name}`, 100 + lab.doc.natGateways.length);
    if (b % 4 > 0) lab.elasticIp(nat);
  },
  ({ doc }, [a, b]) => {
    const group = pick(doc.securityGroups, a);
    group.rules.splice(b % Math.max(1, group.rules.length), 1);
  },
  (lab, [a, b, c, d]) => void pick(lab.doc.securityGroups, a).rules.push(someRule(lab, b, c, d)),
  ({ doc }, [a, b, c, d]) => {
    const acl = pick(doc.networkAcls, a);
    const number = 10 + acl.entries.length;
    acl.entries.push(entry(b % 2 ? "ingress" : "egress", number, c % 2 ? "deny" : "allow", pick(["all", "tcp", "icmp"] as const, c), null, pick(doc.subnets, d).cidr));
  },
  ({ doc }, [a, b]) => {
    const acl = pick(doc.networkAcls, a);
    acl.entries.splice(b % Math.max(1, acl.entries.length), 1);
  },
];

function someRule(lab: TinyLab, a: number, b: number, c: number) {
  const protocol: Protocol = pick(["all", "tcp", "udp", "icmp"] as const, a);
  const ports = protocol === "tcp" || protocol === "udp" ? pick([null, port(80), port(1, 1024)], b) : null;
  const peer = c % 3 === 0 ? { securityGroupId: pick(lab.doc.securityGroups, b).id } : { cidr: pick(["0.0.0.0/0", ...lab.doc.subnets.map(({ cidr }) => cidr)], c) };
  return lab.rule(c % 2 ? "ingress" : "egress", protocol, ports, peer);
}

/** A lab after some changes; the document is a copy of its own for every use. */
const changedLabs = fc.tuple(openLabs, fc.array(fc.tuple(fc.nat(CHANGES.length - 1), dice), { maxLength: 12 })).map(([open, changes]) => {
  const lab = Object.assign(new TinyLab(), { doc: structuredClone(open.doc) });
  for (const [which, numbers] of changes) CHANGES[which]!(lab, numbers);
  return lab.doc;
});
const questions = fc.constantFrom<PromiseOptions>({}, { protocol: "tcp", port: 80 }, { protocol: "udp", port: 53 }, { protocol: "tcp", port: 80, sourcePort: 40000 });
const hosts = fc.boolean().map((publicPool) => ({ publicPool }));

/** Pairs that are reachable, as text. */
const open = (doc: Topology, host: { publicPool: boolean }, options: PromiseOptions): string[] =>
  promises(doc, host, options).filter(({ reachable }) => reachable).map(({ source, destination }) => JSON.stringify([source, destination]));
/** What is in the first list and not in the second. */
const lost = (before: readonly string[], after: readonly string[]): string[] => {
  const left = new Set(after);
  return before.filter((pair) => !left.has(pair));
};

describe("promises for all pairs", () => {
  it("in labs that are open to everybody, whoever reaches an instance is reached by it", () => {
    fc.assert(fc.property(openLabs, ({ doc }) => {
      // Not by way of a namesake: who has the same address elsewhere need not have the same peerings.
      const themselves = promises(doc, { publicPool: true }).filter(({ code }) => code === "REACHABLE");
      const pairs = themselves.map(({ source, destination }) => JSON.stringify([source, destination]));
      expect(lost(themselves.map(({ source, destination }) => JSON.stringify([destination, source])), pairs)).toEqual([]);
    }), { numRuns: 30 });
  });

  it("one more rule of a group never closes anything", () => {
    fc.assert(fc.property(changedLabs, questions, hosts, dice, (doc, question, host, [a, b, c, d]) => {
      const more = Object.assign(new TinyLab(), { doc: structuredClone(doc) });
      pick(more.doc.securityGroups, a).rules.push(someRule(more, b, c, d));
      expect(lost(open(doc, host, question), open(more.doc, host, question))).toEqual([]);
    }), { numRuns: 60 });
  });

  it("one more allow entry of an ACL never closes anything, one more deny entry never opens anything", () => {
    const entries = fc.record({
      direction: fc.constantFrom("ingress" as const, "egress" as const), number: fc.integer({ min: 1, max: 120 }), protocol: fc.constantFrom<Protocol>("all", "tcp", "udp", "icmp"),
      ports: fc.constantFrom(null, port(80), port(32768, 60999), port(40000)), cidr: fc.constantFrom("0.0.0.0/0", "10.0.0.0/16", "10.1.1.0/24", "203.0.113.10/32"),
    });
    fc.assert(fc.property(changedLabs, questions, hosts, fc.nat(999), entries, (doc, question, host, which, made) => {
      const withEntry = (action: "allow" | "deny") => {
        const more = structuredClone(doc);
        const acl = pick(more.networkAcls, which);
        const ports = made.protocol === "tcp" || made.protocol === "udp" ? made.ports : null;
        // Before one of the same number would be no document.
        acl.entries = [...acl.entries.filter(({ number, direction }) => number !== made.number || direction !== made.direction), { ...made, ports, action }];
        const without = structuredClone(doc);
        pick(without.networkAcls, which).entries = acl.entries.slice(0, -1);
        return { with: open(more, host, question), without: open(without, host, question) };
      };
      const allow = withEntry("allow");
      const deny = withEntry("deny");
      expect(lost(allow.without, allow.with)).toEqual([]);
      expect(lost(deny.with, deny.without)).toEqual([]);
    }), { numRuns: 60 });
  });

  it("a host's pool changes nothing between instances", () => {
    fc.assert(fc.property(changedLabs, questions, (doc, question) => {
      const inside = (publicPool: boolean) => promises(doc, { publicPool }, question).filter(({ source, destination }) => "instanceId" in source && "instanceId" in destination);
      expect(inside(true)).toEqual(inside(false));
    }), { numRuns: 30 });
  });

  it("every answer can be explained: same promise, one sentence, drawn objects on the way", () => {
    fc.assert(fc.property(changedLabs, questions, hosts, (doc, question, host) => {
      const drawing = prepare(doc, host);
      for (const { source, destination, reachable, code } of promises(doc, host, question)) {
        const verdict = explain(drawing, { source, destination, protocol: question.protocol ?? "icmp", port: question.port ?? null, sourcePort: question.sourcePort });
        expect([verdict.reachable, verdict.decision.code]).toEqual([reachable, code]);
        expect(verdict.why).toMatch(/^[A-Z0-9a-z“].*[.]$/);
        for (const { objectId } of [...verdict.there, ...verdict.back]) if (objectId !== null) expect(findObject(doc, objectId)).not.toBeNull();
      }
    }), { numRuns: 25 });
  });

  it("covers each pair of different ends once", () => {
    const doc = gridTopology({ vpcs: 2, subnetsPerVpc: 2, instancesPerSubnet: 2 });
    const pairs = promises(doc, { publicPool: true }).map(({ source, destination }) => JSON.stringify([source, destination]));
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(pairs).toHaveLength(9 * 8);
    expect(promises(doc, { publicPool: true }, { instanceIds: doc.instances.slice(0, 2).map(({ id }) => id) })).toHaveLength(6);
  });
});
