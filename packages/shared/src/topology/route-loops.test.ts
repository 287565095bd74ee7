import { describe, expect, it } from "vitest";
import { gridTopology } from "../testing/builders";
import { routeLoops } from "./route-loops";
import type { Topology } from "./topology";
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
