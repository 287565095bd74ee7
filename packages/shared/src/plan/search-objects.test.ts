import { describe, expect, it } from "vitest";
import { interfaceName } from "../net/interface-name";
import { TEST_TOPOLOGY_ID, gridTopology } from "../testing/builders";
import { fullLab, named } from "../testing/full-lab";
import { kernelNames } from "./kernel-names";
import { objectSearch } from "./search-objects";

const doc = fullLab();
const context = { topologyId: TEST_TOPOLOGY_ID, topologyName: "lab2" };
const eip = named(doc.elasticIps, "web-eip");
const search = objectSearch(doc, kernelNames(doc, context), { [eip.id]: "198.51.100.130" });
const names = (query: string) => search.find(query, 8).map(({ name }) => name);
const best = (query: string) => names(query)[0];

describe("finding an object", () => {
  it.each([
    ["vpc1", "vpc1"],
    ["10.0.1.2", "vpc1/public/main"],
    ["10.0.1.0/24", "vpc1/public"],
    ["vpc1/public", "vpc1/public"],
    ["private", "vpc1/private"],
    ["vpc2 public main", "vpc2/public/main"],
    ["db", "vpc1/db (security group)"],
    ["5432", "vpc1/db (security group)"],
    ["edge", "vpc1/edge (network ACL)"],
    ["nat-eip", "nat-eip"],
    ["main.public.vpc1.internal", "vpc1/public/main"],
    ["lab2.vpc1-public", "vpc1/public/main"],
    ["ip netns exec lab2.vpc2 ip route", "vpc2"],
    [interfaceName("bridge", TEST_TOPOLOGY_ID, doc.subnets[0]!.id), undefined],
  ])("by %s", (query, name) => {
    expect(best(query)).toBe(name ?? best(doc.subnets[0]!.id));
  });

  it("by a public address: whoever is reached by it, and the Elastic IP itself", () => {
    expect(names("198.51.100.130")).toEqual(["vpc1/public/main", "web-eip"]);
  });

  it("by a port and by a group, and says why", () => {
    expect(search.find("8080", 8).map(({ name, why }) => [name, why])).toContainEqual(["vpc1/public/main", "port 8080"]);
    expect(search.find("web", 20).map(({ name, why }) => [name, why])).toContainEqual(["vpc1/public/main", "security group web"]);
  });

  it("by an address that nobody has: the smallest range that contains it comes first", () => {
    expect(names("10.0.1.77")).toEqual(["vpc1/public", "vpc1"]);
  });

  it("finds nothing for nothing, and never more than asked for", () => {
    expect(names("  ")).toEqual([]);
    expect(names("no such thing")).toEqual([]);
    expect(search.find("vpc", 3)).toHaveLength(3);
  });

  it("answers a key press on a large drawing at once", () => {
    const grid = gridTopology({ vpcs: 10, subnetsPerVpc: 4, instancesPerSubnet: 25 });
    const large = objectSearch(grid, kernelNames(grid, context), {});
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      expect(large.find("vpc7/s2/i9", 20)[0]?.name).toBe("vpc7/s2/i9");
      return performance.now() - start;
    });
    // The quickest: others may be at work on this machine, too.
    expect(Math.min(...times)).toBeLessThan(200);
  });
});
