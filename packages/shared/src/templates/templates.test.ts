import { describe, expect, it } from "vitest";
import type { Flow } from "../analysis/verdict";
import { explainReachability } from "../analysis/reachability";
import { promises } from "../analysis/promises";
import { seededRandom } from "../testing/builders";
import { named } from "../testing/full-lab";
import { describeRule } from "../topology/describe-rule";
import { applyEdit } from "../topology/edit";
import type { EditCommand } from "../topology/edit-command";
import { groupsOf } from "../topology/effective";
import { setSubnetType } from "../topology/new-object";
import { subnetType } from "../topology/subnet-type";
import type { Topology } from "../topology/topology";
import { indexTopology } from "../topology/topology-index";
import { parseTopology, validateTopology } from "../topology/validate";
import { buildTemplate } from "./build-template";
import { TEMPLATE_NAMES, TEMPLATES, type TemplateName } from "./template-catalog";

const build = (name: TemplateName): Topology => buildTemplate(name, seededRandom(2)).document;

/** The main instance by `<vpc>/<subnet>`, or the internet. */
function end(doc: Topology, place: string): Flow["source"] {
  if (place === "internet") return { internet: true };
  const [vpc = "", subnet = ""] = place.split("/");
  const vpcId = named(doc.vpcs, vpc).id;
  const subnetId = named(doc.subnets.filter((each) => each.vpcId === vpcId), subnet).id;
  return { instanceId: named(doc.instances.filter((each) => each.subnetId === subnetId), "main").id };
}

/** `<from> <to>`, with a tcp port or as a ping. */
function ask(doc: Topology, [from, to]: readonly [string, string], port: number | null = null) {
  const flow: Flow = { source: end(doc, from), destination: end(doc, to), protocol: port === null ? "icmp" : "tcp", port };
  return explainReachability(doc, flow, { publicPool: true });
}

describe("templates", () => {
  it("places VPCs that it has", () => {
    for (const { name, places = {} } of TEMPLATES) {
      const { document, layout } = buildTemplate(name, seededRandom(2));
      expect(document.vpcs.filter(({ id }) => layout[id]).map((vpc) => vpc.name).sort()).toEqual(Object.keys(places).sort());
    }
  });

  it("each is in the catalog once", () => {
    expect(TEMPLATES.map(({ name }) => name)).toEqual(TEMPLATE_NAMES);
    expect(TEMPLATES.filter(({ group }) => group === "broken").map(({ solution }) => (solution ?? "").length > 40)).toEqual([true, true, true, true]);
  });

  it.each(TEMPLATE_NAMES)("%s is a valid topology", (name) => {
    const document = build(name);
    expect(parseTopology(JSON.parse(JSON.stringify(document)))).toEqual({ ok: true, value: document });
  });

  it.each(TEMPLATES.filter(({ group }) => group !== "broken"))("$name has nothing to hint at", ({ name }) => {
    expect(validateTopology(build(name))).toEqual([]);
  });

  it.each(TEMPLATES.filter(({ group }) => group !== "start"))("$name says what it is for, and of a broken one not what mends it", ({ name, text, solution = "" }) => {
    expect(build(name).settings.note).toBe(text);
    expect(text).not.toContain(solution === "" ? "\n" : solution);
  });
});

describe("the labs of the tools before", () => {
  it("have the ranges of those tools", () => {
    const document = build("two-vpc");
    expect(document.vpcs.map((vpc) => `${vpc.name} ${vpc.cidr}`).sort()).toEqual(["vpc1 10.0.0.0/16", "vpc2 172.16.0.0/16"]);
    expect(document.subnets.map((subnet) => `${subnet.cidr} ${subnetType(indexTopology(document), subnet)}`).sort()).toEqual(["10.0.1.0/24 public", "10.0.2.0/24 private", "172.16.1.0/24 public"]);
    expect(document.instances.map((instance) => instance.address).sort()).toEqual(["10.0.1.2", "10.0.2.2", "172.16.1.2"]);
  });

  it("have web servers in the public subnets, opened to everybody by a group of their own", () => {
    const document = build("two-vpc");
    const index = indexTopology(document);
    const servers = document.instances.filter((instance) => instance.webServer);
    expect(servers.map((instance) => instance.webServer?.port)).toEqual([8080, 8080]);
    for (const server of servers) {
      const groups = groupsOf(index, server);
      expect(groups.map((group) => group.name)).toEqual(["default", "web"]);
      expect(groups[1]?.rules.map((rule) => describeRule(rule, (id) => id))).toEqual(["tcp 8080 from 0.0.0.0/0", "icmp from 0.0.0.0/0"]);
    }
  });
});

describe("the examples do what they say", () => {
  it.each<[TemplateName, readonly [string, string], number | null, boolean]>([
    ["public-private-nat", ["lab/public", "internet"], null, true],
    ["public-private-nat", ["lab/private", "internet"], null, true],
    ["public-private-nat", ["internet", "lab/private"], null, false],
    ["public-private-nat", ["internet", "lab/public"], 8080, true],
    ["three-tier", ["internet", "shop/web"], 8080, true],
    ["three-tier", ["shop/web", "shop/app"], 8000, true],
    ["three-tier", ["shop/app", "shop/db"], 5432, true],
    ["three-tier", ["shop/web", "shop/db"], 5432, false],
    ["three-tier", ["internet", "shop/app"], 8000, false],
    ["hub-and-spokes", ["red/work", "hub/shared"], 8080, true],
    ["hub-and-spokes", ["hub/shared", "blue/work"], null, true],
    ["hub-and-spokes", ["red/work", "green/work"], null, false],
  ])("%s: %j, port %s, reachable %s", (name, pair, port, reachable) => {
    expect(ask(build(name), pair, port).reachable).toBe(reachable);
  });
});

/** What is broken, why, and the edit that the solution describes. */
interface Fault {
  readonly name: TemplateName;
  readonly pair: readonly [string, string];
  readonly port: number | null;
  readonly code: string;
  readonly fix: (doc: Topology) => EditCommand;
}
const FAULTS: readonly Fault[] = [
  {
    name: "broken-peering", pair: ["office/desk", "shop/till"], port: null, code: "NO_ROUTE_TO_DESTINATION",
    fix: (doc) => {
      const table = doc.routeTables.find(({ vpcId }) => vpcId === named(doc.vpcs, "shop").id);
      const route = { destination: "10.1.0.0/16", target: { kind: "peering" as const, id: doc.peerings[0]?.id ?? "" } };
      return { op: "update", kind: "route-table", id: table?.id ?? "", set: { routes: [route] } };
    },
  },
  {
    name: "broken-nat", pair: ["lab/private", "internet"], port: null, code: "NO_ROUTE_TO_DESTINATION",
    fix: (doc) => setSubnetType(doc, named(doc.subnets, "nat").id, "public", seededRandom(3)),
  },
  {
    name: "broken-acl", pair: ["internet", "lab/web"], port: 8080, code: "SUBNET_ACL_RESTRICTION",
    fix: (doc) => {
      const acl = named(doc.networkAcls, "edge");
      const answers = { direction: "egress", number: 110, action: "allow", protocol: "tcp", ports: { from: 1024, to: 65535 }, cidr: "0.0.0.0/0" } as const;
      return { op: "update", kind: "network-acl", id: acl.id, set: { entries: [...acl.entries, answers] } };
    },
  },
  {
    name: "broken-group", pair: ["lab/app", "lab/db"], port: 5432, code: "ENI_SG_RULES_MISMATCH",
    fix: (doc) => {
      const group = named(doc.securityGroups, "db");
      const peer = { securityGroupId: named(doc.securityGroups, "app").id };
      return { op: "update", kind: "security-group", id: group.id, set: { rules: group.rules.map((rule) => (rule.direction === "ingress" ? { ...rule, peer } : rule)) } };
    },
  },
];

describe("broken on purpose", () => {
  it.each(FAULTS)("$name is broken where it says, and its solution mends it", ({ name, pair, port, code, fix }) => {
    const doc = build(name);
    expect(ask(doc, pair, port)).toMatchObject({ reachable: false, decision: { code } });
    const mended = applyEdit(doc, fix(doc));
    if (!mended.ok) throw new Error(JSON.stringify(mended.error));
    expect(ask(mended.value.document, pair, port).reachable).toBe(true);
  });

  it("every broken template has its fault here, and none works in every direction", () => {
    expect(FAULTS.map(({ name }) => name)).toEqual(TEMPLATES.filter(({ group }) => group === "broken").map(({ name }) => name));
    for (const { name } of FAULTS) expect(promises(build(name), { publicPool: true }).some(({ reachable }) => !reachable)).toBe(true);
  });
});
