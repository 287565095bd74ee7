import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cidrFrom, cidrOf, containsAddress, formatCidr, parseAddress } from "../net/cidr";
import { TinyLab, via } from "../testing/tiny-lab";
import { testContext } from "../testing/builders";
import { lookUpRoute } from "../topology/route-lookup";
import type { DrawnRoute, Topology } from "../topology/topology";
import { compileTopology } from "./compile";
import { gatewayRanges } from "./gateway-ranges";
import type { NamespaceState, NftValue, Route } from "./kernel-state";
import { routeTableNumbers } from "./route-table-numbers";

/** VPC 10.0.0.0/16 with subnets a, b, c (10.0.1.0/24 …); `routes` are those of a. */
function lab(routes: DrawnRoute[]): Topology {
  const tiny = new TinyLab();
  tiny.vpc("v", "10.0.0.0/16");
  tiny.subnet("v/a", "10.0.1.0/24", routes);
  tiny.subnet("v/b", "10.0.2.0/24");
  tiny.subnet("v/c", "10.0.3.0/24");
  tiny.middlebox("v/b/fw", 9);
  tiny.nat("v/c/nat", 8);
  return tiny.doc;
}

const routerOf = (doc: Topology): NamespaceState => {
  const router = compileTopology(doc, testContext(doc))["v"];
  if (!router) throw new Error("no router");
  return router;
};

/** Routes of subnet a's kernel table as `destination → where`, with links by the subnet they are of. */
function tableOfA(doc: Topology): Record<string, string> {
  const router = routerOf(doc);
  const names = new Map(router.links.map((link) => [link.name, link.alias.split(":").at(-1) ?? ""]));
  const bridge = router.links.find((link) => link.kind === "bridge" && link.addresses[0] === "10.0.1.1/24")?.name;
  const table = router.rules.find((rule) => rule.iif === bridge && rule.priority === 1000)?.table;
  const where = ({ type, via: hop, dev }: Route) => (type === "blackhole" ? "blackhole" : [hop, names.get(dev ?? "")].filter(Boolean).join(" by "));
  return Object.fromEntries(router.routes.filter((route) => route.table === table).map((route) => [route.destination, where(route)]));
}

const LOCAL = { "10.0.1.0/24": "a", "10.0.2.0/24": "b", "10.0.3.0/24": "c", "10.0.0.0/16": "blackhole" };

describe("a drawn route table in the kernel", () => {
  it("has the VPC's subnets, and what no subnet has never leaves", () => {
    expect(tableOfA(lab([]))).toEqual(LOCAL);
  });

  it("leads to a gateway over its link, to a NAT gateway and a middlebox over their subnet's bridge", () => {
    expect(tableOfA(lab([via("0.0.0.0/0", "internet-gateway", "igw-v"), via("198.51.100.0/24", "nat-gateway", "nat-nat"), via("203.0.113.7/32", "instance", "i-v-b-fw")])))
      .toEqual({ ...LOCAL, default: "169.254.64.1 by v-igw", "198.51.100.0/24": "10.0.3.8 by c", "203.0.113.7": "10.0.2.9 by b" });
  });

  it.each<[string, DrawnRoute]>([
    ["that is gone", via("0.0.0.0/0", "gone", "igw-deleted")],
    ["that is another VPC's gateway", via("0.0.0.0/0", "internet-gateway", "igw-other")],
    ["peering that is not there", via("0.0.0.0/0", "peering", "pcx-none")],
  ])("is a blackhole to a target %s", (_name, route) => {
    expect(tableOfA(lab([route]))).toEqual({ ...LOCAL, default: "blackhole" });
  });

  it("lets a route to a whole subnet, or to several, win over `local`", () => {
    expect(tableOfA(lab([via("10.0.2.0/24", "nat-gateway", "nat-nat")]))).toEqual({ ...LOCAL, "10.0.2.0/24": "10.0.3.8 by c" });
    const { "10.0.2.0/24": _b, "10.0.3.0/24": _c, ...left } = LOCAL;
    expect(tableOfA(lab([via("10.0.2.0/23", "instance", "i-v-b-fw")]))).toEqual({ ...left, "10.0.2.0/23": "10.0.2.9 by b" });
  });

  it("ends where it ends: every link's own table is followed by a blackhole", () => {
    const router = routerOf(lab([]));
    for (const { iif } of router.rules.filter(({ priority }) => priority === 1000)) {
      expect(router.rules).toContainEqual(expect.objectContaining({ iif, priority: 2000, table: "250" }));
    }
    expect(router.routes).toContainEqual(expect.objectContaining({ type: "blackhole", destination: "default", table: "250" }));
  });
});

describe("peerings and what enters by them", () => {
  const tiny = new TinyLab();
  tiny.vpc("v", "10.0.0.0/16");
  tiny.vpc("w", "10.1.0.0/16");
  tiny.subnet("v/a", "10.0.1.0/24", [via("10.1.0.0/16", "peering", "pcx-v-w"), via("0.0.0.0/0", "internet-gateway", "igw-v")]);
  tiny.subnet("w/a", "10.1.1.0/24");
  tiny.peering("v", "w");

  it("an active one is routed over its own link, and inside an instance it is shown", () => {
    expect(tableOfA(tiny.doc)["10.1.0.0/16"]).toMatch(/^169\.254\.64\.\d+ by v-w$/);
    const instance = compileTopology(tiny.doc, testContext(tiny.doc))["v-a"];
    expect(instance?.routes.map(({ destination }) => destination)).toEqual(["default", "10.1.0.0/16"]);
  });

  it("one that is not active is a blackhole and has no link", () => {
    const pending: Topology = { ...tiny.doc, peerings: tiny.doc.peerings.map((peering) => ({ ...peering, status: "pending-acceptance" })) };
    expect(tableOfA(pending)["10.1.0.0/16"]).toBe("blackhole");
    expect(routerOf(pending).links.some(({ name }) => name.startsWith("pcx-"))).toBe(false);
    expect(compileTopology(pending, testContext(pending))["v-a"]?.routes.map(({ destination }) => destination)).toEqual(["default"]);
  });

  it("what enters by a peering or the gateway finds the own subnets and nothing else, so nothing is transitive", () => {
    const router = routerOf(tiny.doc);
    const entrances = router.links.filter(({ name }) => /^(pcx|igw)-/.test(name)).map(({ name }) => name);
    expect(entrances).toHaveLength(2);
    for (const iif of entrances) expect(router.rules.find((rule) => rule.iif === iif)?.table).toBe("10");
    expect(router.routes.filter(({ table }) => table === "10").map(({ destination }) => destination)).toEqual(["10.0.1.0/24"]);
  });
});

describe("kernel table numbers", () => {
  it("are made from ids, stay when others come and go, and differ", () => {
    const tables = Array.from({ length: 200 }, (_, n) => ({ id: `rtb-${n.toString(16).padStart(12, "0")}`, vpcId: "vpc-1", name: "t", routes: [] }));
    const all = routeTableNumbers(tables);
    expect(new Set(all.values()).size).toBe(200);
    for (const number of all.values()) expect(Number(number)).toBeGreaterThanOrEqual(1000);
    const [first] = tables;
    expect(routeTableNumbers(first ? [first] : []).get(first?.id ?? "")).toBe(all.get(first?.id ?? ""));
  });
});

describe("what passes the gateway", () => {
  const vpc = { id: "vpc-v", name: "v", cidr: "10.0.0.0/16", mainRouteTableId: "", defaultNetworkAclId: "", defaultSecurityGroupId: "", reachableFromHost: false, dnsSupport: true };
  const routes = fc.uniqueArray(
    fc.record({
      destination: fc.tuple(fc.constantFrom("10.0.0.0", "10.0.64.0", "10.7.0.0", "192.0.0.0", "255.255.255.0"), fc.nat(255), fc.constantFrom(0, 1, 6, 12, 16, 18, 24, 31, 32))
        .map(([base, host, length]) => formatCidr(cidrOf((parseAddress(base) ?? 0) + host, length))),
      target: fc.constantFrom<DrawnRoute["target"]>({ kind: "internet-gateway", id: "igw-v" }, { kind: "gone", id: "nat-x" }, { kind: "instance", id: "i-x" }),
    }), { selector: (route) => route.destination, maxLength: 20 },
  );
  const holds = (value: NftValue, address: number): boolean => {
    if (typeof value === "string") return parseAddress(value) === address;
    if (typeof value === "number" || "set" in value) return false;
    if ("prefix" in value) return containsAddress(cidrFrom(`${value.prefix.addr}/${value.prefix.len}`), address);
    const [first, last] = value.range.map((end) => parseAddress(String(end)) ?? -1);
    return address >= (first ?? 0) && address <= (last ?? 0);
  };

  it("is what the route table leads there: the ranges and the look-up agree at every edge", () => {
    fc.assert(fc.property(routes, (drawn) => {
      const table = { id: "rtb-t", vpcId: vpc.id, name: "t", routes: drawn };
      const ranges = gatewayRanges(vpc, table);
      const edges = [vpc.cidr, ...drawn.map((route) => route.destination)].map(cidrFrom)
        .flatMap(({ base, length }) => [base - 1, base, base + 2 ** (32 - length) - 1, base + 2 ** (32 - length)]);
      for (const address of edges.filter((edge) => edge >= 0 && edge < 2 ** 32)) {
        const found = lookUpRoute(vpc, table, address);
        const isGateway = found?.kind === "route" && found.route.target.kind === "internet-gateway";
        expect(ranges.some((range) => holds(range, address))).toBe(isGateway);
      }
    }));
  });
});
