import { describe, expect, it } from "vitest";
import { fullLab, named } from "../testing/full-lab";
import { randomTopology } from "../testing/random-topology";
import { seededRandom } from "../testing/builders";
import { objectFacts } from "./object-facts";
import type { TopologyObject } from "./topology";
import { objectsOf } from "./topology-index";

const lab = fullLab();
const vpc1 = named(lab.vpcs, "vpc1");
const lines = (object: TopologyObject) => {
  const { fields, items } = objectFacts(lab, object);
  return { fields: fields.map(({ field, text }) => `${field}: ${text}`), items: items.map(({ field, text }) => `${field}: ${text}`) };
};

describe("an object in words", () => {
  it("fields with names instead of ids", () => {
    const subnet = named(lab.subnets.filter(({ vpcId }) => vpcId === vpc1.id), "private");
    expect(lines(subnet).fields).toEqual(expect.arrayContaining(["type: private", "VPC: vpc1", `CIDR: ${subnet.cidr}`, "route table: nat", "network ACL: edge"]));
    expect(lines(named(lab.instances, "fw")).fields).toEqual(expect.arrayContaining(["source/destination check: off", "web server: off"]));
    expect(lines(named(lab.elasticIps, "web-eip")).fields).toEqual(["target: main"]);
  });

  it("rules, routes and entries each by itself", () => {
    const group = named(lab.securityGroups.filter(({ vpcId }) => vpcId === vpc1.id), "db");
    expect(lines(group).items).toHaveLength(group.rules.length);
    const edge = named(lab.networkAcls, "edge");
    expect(lines(edge).items[0]).toMatch(/^ingress entry \d+: (allow|deny) /);
    const table = named(lab.routeTables, "nat");
    expect(lines(table).items).toContain("route 0.0.0.0/0: NAT gateway “nat”");
  });

  it("tells every field of every object, and never an id that has a name", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const document = randomTopology(seededRandom(seed));
      const ids = [...objectsOf(document)].map(({ object }) => object.id);
      for (const { object } of objectsOf(document)) {
        const { fields, items } = objectFacts(document, object);
        for (const { field, text } of [...fields, ...items]) {
          expect(field).not.toBe("");
          expect(text).not.toBe("");
          expect(ids.filter((id) => text.includes(id)), `${object.name} ${field}`).toEqual([]);
        }
      }
    }
  });
});
