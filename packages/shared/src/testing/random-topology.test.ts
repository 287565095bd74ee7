import { describe, expect, it } from "vitest";
import { randomEdit } from "./random-edit";
import { randomTopology } from "./random-topology";
import { seededRandom } from "./builders";
import { isError } from "../errors/issue";
import { parseTopology, validateTopology } from "../topology/validate";

const SEEDS = Array.from({ length: 150 }, (_, seed) => seed);
const docs = SEEDS.map((seed) => randomTopology(seededRandom(seed)));

describe("random topologies", () => {
  it("are valid, small, and the same for the same seed", () => {
    for (const [seed, doc] of docs.entries()) {
      expect(parseTopology(JSON.parse(JSON.stringify(doc))), `seed ${seed}`).toEqual({ ok: true, value: doc });
      expect(doc.vpcs.length).toBeLessThanOrEqual(3);
      expect(doc.instances.length).toBeLessThanOrEqual(12);
      if (seed % 10 === 0) expect(randomTopology(seededRandom(seed))).toEqual(doc);
    }
  });

  it("hold, between them, every kind of object, route target, rule and peering", () => {
    const share = (holds: (doc: (typeof docs)[number]) => boolean) => docs.filter(holds).length;
    const routes = (kind: string) => share((doc) => doc.routeTables.some((table) => table.routes.some((route) => route.target.kind === kind)));
    for (const kind of ["internet-gateway", "nat-gateway", "peering", "instance", "gone"]) expect(routes(kind), kind).toBeGreaterThan(5);
    for (const peer of ["cidr", "securityGroupId"]) {
      expect(share((doc) => doc.securityGroups.some((group) => group.rules.some((rule) => peer in rule.peer))), peer).toBeGreaterThan(30);
    }
    expect(share((doc) => doc.networkAcls.some((acl) => acl.entries.some((entry) => entry.action === "deny")))).toBeGreaterThan(30);
    expect(share((doc) => doc.instances.some((instance) => !instance.sourceDestCheck))).toBeGreaterThan(20);
    expect(share((doc) => doc.elasticIps.some((ip) => ip.target?.kind === "instance"))).toBeGreaterThan(20);
    expect(share((doc) => doc.peerings.some((peering) => peering.status === "active"))).toBeGreaterThan(20);
    expect(share((doc) => doc.peerings.some((peering) => peering.status === "pending-acceptance"))).toBeGreaterThan(3);
    expect(share((doc) => new Set(doc.vpcs.map((vpc) => vpc.cidr)).size < doc.vpcs.length)).toBeGreaterThan(10);
    expect(share((doc) => validateTopology(doc).some((issue) => issue.code === "ROUTE_ONE_SIDED"))).toBeGreaterThan(3);
  });

  it("stay valid and within their bounds over a walk of random edits", () => {
    for (const seed of SEEDS.slice(0, 15)) {
      const random = seededRandom(seed);
      let doc = randomTopology(random);
      for (let step = 0; step < 20; step++) {
        doc = randomEdit(doc, random, { vpcs: 3, instances: 12 }).document;
        expect(validateTopology(doc).filter(isError)).toEqual([]);
      }
      expect(doc.vpcs.length).toBeLessThanOrEqual(3);
    }
  });
});
