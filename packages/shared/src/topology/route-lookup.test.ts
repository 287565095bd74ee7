import { describe, expect, it } from "vitest";
import { parseAddress } from "../net/cidr";
import { fullLab, named } from "../testing/full-lab";
import { lookUpRoute } from "./route-lookup";
import type { RouteTable } from "./topology";

const vpc = named(fullLab().vpcs, "vpc1");
const table: RouteTable = {
  id: "rtb-00000000aaaa", vpcId: vpc.id, name: "t",
  routes: [
    { destination: "0.0.0.0/0", target: { kind: "internet-gateway", id: "igw-1" } },
    { destination: "10.0.0.0/8", target: { kind: "peering", id: "pcx-1" } },
    { destination: "10.0.2.0/24", target: { kind: "instance", id: "i-1" } },
    { destination: "203.0.113.0/24", target: { kind: "gone", id: "nat-1" } },
  ],
};

describe("the longest prefix wins", () => {
  it.each([
    ["198.51.100.7", "igw-1"], ["10.1.0.1", "pcx-1"], ["10.0.2.9", "i-1"], ["10.0.1.9", "local"], ["10.0.255.255", "local"], ["203.0.113.9", "nat-1"],
    ["255.255.255.255", "igw-1"], ["0.0.0.0", "igw-1"],
  ])("%s goes to %s", (address, target) => {
    for (const routes of [table.routes, [...table.routes].reverse()]) {
      const found = lookUpRoute(vpc, { ...table, routes }, parseAddress(address) ?? -1);
      expect(found?.kind === "route" ? found.route.target.id : found?.kind).toBe(target);
    }
  });

  it("without a route there is none, but the VPC itself is always there", () => {
    expect(lookUpRoute(vpc, { ...table, routes: [] }, parseAddress("198.51.100.7") ?? 0)).toBeNull();
    expect(lookUpRoute(vpc, { ...table, routes: [] }, parseAddress("10.0.7.7") ?? 0)).toEqual({ kind: "local" });
  });
});
