import { describe, expect, it } from "vitest";
import { cidrFrom, lastAddress } from "../net/cidr";
import { gridTopology, seededRandom } from "../testing/builders";
import { chooserOf } from "../testing/choose";
import { routeTableOf } from "./effective";
import { lookUpRoute } from "./route-lookup";
import { routeLoops } from "./route-loops";
import type { RouteTable, Topology } from "./topology";
import { indexTopology } from "./topology-index";

/** Four subnets with a table and a firewall each; `routes[n]`: what table n sends where (`>2`: to subnet 2's firewall). */
function firewalls(routes: readonly (readonly string[])[]): Topology {
  const doc = gridTopology({ vpcs: 1, subnetsPerVpc: 4, instancesPerSubnet: 1 });
  const vpcId = doc.vpcs[0]?.id ?? "";
  for (const [n, subnet] of doc.subnets.entries()) {
    subnet.routeTableId = `rtb-${n}00000000000`;
    const drawn = (routes[n] ?? []).map((text) => {
      const [destination = "", to = "0"] = text.split(" >");
      return { destination, target: { kind: "instance" as const, id: doc.instances[Number(to)]?.id ?? "" } };
    });
    doc.routeTables.push({ id: subnet.routeTableId, vpcId, name: `t${n}`, routes: drawn });
  }
  return doc;
}

describe("routes by instances", () => {
  it.each<[string, string[][], number[]]>([
    ["a chain ends", [["0.0.0.0/0 >1"], ["0.0.0.0/0 >2"], ["0.0.0.0/0 >3"]], []],
    ["to itself", [["0.0.0.0/0 >0"]], [0]],
    ["there and back", [["0.0.0.0/0 >1"], ["0.0.0.0/0 >0"]], [0, 1]],
    ["round three", [["0.0.0.0/0 >1"], ["0.0.0.0/0 >2"], ["0.0.0.0/0 >0"]], [0, 1, 2]],
    ["into a loop of others: only the loop is wrong", [["0.0.0.0/0 >1"], ["0.0.0.0/0 >2"], ["0.0.0.0/0 >1"]], [1, 2]],
    ["there for some and back for other destinations", [["192.0.2.0/24 >1"], ["198.51.100.0/24 >0"]], []],
    ["there for all, back for a part", [["0.0.0.0/0 >1"], ["198.51.100.0/24 >0"]], [0, 1]],
    ["there for all but the part that comes back", [["0.0.0.0/0 >1", "198.51.100.0/24 >2"], ["198.51.100.0/24 >0"]], []],
    ["a loop at the end of the address space", [["255.255.255.255/32 >1"], ["0.0.0.0/0 >0"]], [0, 1]],
    ["a whole subnet by a firewall that delivers", [["10.0.2.0/24 >2"], ["10.0.1.0/24 >2"], []], []],
    ["two subnets by each other's firewalls", [["10.0.3.0/24 >1"], ["10.0.3.0/24 >0"]], [0, 1]],
  ])("%s", (_what, routes, looping) => {
    const doc = firewalls(routes);
    const found = routeLoops(doc, indexTopology(doc)).map((issue) => doc.routeTables[Number(issue.path[1])]?.name);
    expect(found).toEqual(looping.map((n) => `t${n}`));
  });
});

describe("many routes by instances", () => {
  it("the loops of random tables are those that following single packets finds", () => {
    const random = seededRandom(8);
    const choose = chooserOf(random);
    const blocks = ["0.0.0.0/0", "10.0.0.0/8", "192.0.0.0/8", "192.0.2.0/24", "192.0.2.128/25", "198.51.100.0/24", "255.255.255.255/32", "10.0.2.0/24"];
    for (let n = 0; n < 300; n++) {
      const doc = firewalls(Array.from({ length: 4 }, () => blocks.filter(() => choose.chance(0.3)).map((block) => `${block} >${choose.int(4)}`)));
      const index = indexTopology(doc);
      const vpc = doc.vpcs[0];
      if (!vpc) throw new Error("no VPC");
      const tables = new Map(doc.subnets.map((subnet) => [subnet.id, routeTableOf(index, subnet)]));
      const next = (table: RouteTable, address: number): RouteTable | undefined => {
        const found = lookUpRoute(vpc, table, address);
        return found?.kind === "route" ? tables.get(index.instanceById.get(found.route.target.id)?.subnetId ?? "") : undefined;
      };
      const goesRound = (table: RouteTable, address: number): boolean => {
        let at = next(table, address);
        for (let hops = 0; at && at !== table && hops < 5; hops++) at = next(at, address);
        return at === table;
      };
      const addresses = blocks.map(cidrFrom).flatMap((block) => [block.base - 1, block.base, lastAddress(block), lastAddress(block) + 1]);
      const looping = [...tables.values()].filter((table) => addresses.some((address) => address >= 0 && address < 2 ** 32 && goesRound(table, address)));
      const found = routeLoops(doc, index).map((issue) => issue.objectId);
      expect(found.sort()).toEqual(looping.map((table) => table.id).sort());
    }
  });
});
