import { describe, expect, it } from "vitest";
import { applyEdit } from "./edit";
import { newInternetGateway } from "./new-object";
import { seededRandom } from "../testing/builders";
import { subnetType } from "./subnet-type";
import type { Topology } from "./topology";
import { indexTopology } from "./topology-index";
import { upgradeTopology } from "./upgrade";
import { parseTopology, validateTopology } from "./validate";

/** The peered lab as it was stored by schema 1, word for word. */
const OLD_LAB = {
  schemaVersion: 1,
  settings: { addressing: "lab" },
  vpcs: [{ id: "vpc-dc39b36ce79c", name: "vpc2", cidr: "172.16.0.0/16" }, { id: "vpc-f3c9ebfd2b30", name: "vpc1", cidr: "10.0.0.0/16" }],
  subnets: [
    { id: "subnet-810c0b419363", vpcId: "vpc-f3c9ebfd2b30", name: "private", cidr: "10.0.2.0/24", type: "private" },
    { id: "subnet-ca8efa471d17", vpcId: "vpc-dc39b36ce79c", name: "public", cidr: "172.16.1.0/24", type: "public" },
    { id: "subnet-f05c70710a2e", vpcId: "vpc-f3c9ebfd2b30", name: "public", cidr: "10.0.1.0/24", type: "public" },
  ],
  instances: [
    { id: "i-07f5ced235ac", subnetId: "subnet-ca8efa471d17", name: "main", address: "172.16.1.2", webServer: { port: 8080 } },
    { id: "i-9d9a84fe34bc", subnetId: "subnet-810c0b419363", name: "main", address: "10.0.2.2", webServer: null },
    { id: "i-bd22e0b2ca16", subnetId: "subnet-f05c70710a2e", name: "main", address: "10.0.1.2", webServer: { port: 8080 } },
  ],
  internetGateways: [{ id: "igw-5ca6d20a25c3", vpcId: "vpc-f3c9ebfd2b30", name: "vpc1-igw" }, { id: "igw-99676da2f091", vpcId: "vpc-dc39b36ce79c", name: "vpc2-igw" }],
  peerings: [{ id: "pcx-dba957b8192d", name: "vpc1-vpc2", requesterVpcId: "vpc-f3c9ebfd2b30", accepterVpcId: "vpc-dc39b36ce79c" }],
};

const upgraded = (old: unknown): Topology => {
  const parsed = parseTopology(old);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};

describe("a document of schema 1", () => {
  it("is read as what it was: the same objects, public and private as drawn, routed to its peer, nothing filtered", () => {
    const doc = upgraded(OLD_LAB);
    const index = indexTopology(doc);
    expect(validateTopology(doc)).toEqual([]);
    expect(doc.subnets.map((subnet) => `${subnet.cidr} ${subnetType(index, subnet)} ${subnet.autoAssignPublicAddress}`))
      .toEqual(["10.0.2.0/24 private false", "172.16.1.0/24 public true", "10.0.1.0/24 public true"]);
    const [vpc2, vpc1] = doc.vpcs;
    const destinations = (vpcId = "") => index.routeTablesOfVpc(vpcId).map((table) => `${table.name}: ${table.routes.map((route) => route.destination).join(" ")}`).sort();
    expect(destinations(vpc1?.id)).toEqual(["main: 172.16.0.0/16", "public: 172.16.0.0/16 0.0.0.0/0"]);
    expect(destinations(vpc2?.id)).toEqual(["main: 10.0.0.0/16", "public: 10.0.0.0/16 0.0.0.0/0"]);
    expect(doc.securityGroups.flatMap((group) => group.rules.map((rule) => `${rule.direction} ${rule.protocol} ${JSON.stringify(rule.peer)}`)))
      .toEqual(Array(2).fill(['ingress all {"cidr":"0.0.0.0/0"}', 'egress all {"cidr":"0.0.0.0/0"}']).flat());
    expect(doc.instances.map(({ id, address, webServer }) => ({ id, address, webServer })))
      .toEqual(OLD_LAB.instances.map(({ id, address, webServer }) => ({ id, address, webServer })));
  });

  it("is upgraded to the same document every time, in the order that edits keep", () => {
    expect(upgradeTopology(OLD_LAB)).toEqual(upgradeTopology(structuredClone(OLD_LAB)));
    const doc = upgraded(OLD_LAB);
    for (const objects of [doc.routeTables, doc.securityGroups, doc.networkAcls]) {
      expect(objects.map(({ id }) => id)).toEqual(objects.map(({ id }) => id).sort());
    }
  });

  it("with a public subnet that waits for a gateway: the one that is added is used", () => {
    const doc = upgraded({ ...OLD_LAB, internetGateways: OLD_LAB.internetGateways.slice(1) });
    const vpc1 = doc.vpcs.find((vpc) => vpc.name === "vpc1")?.id ?? "";
    const edited = applyEdit(doc, newInternetGateway(doc, vpc1, seededRandom(5)).command);
    if (!edited.ok) throw new Error(JSON.stringify(edited.error));
    expect(validateTopology(edited.value.document)).toEqual([]);
  });

  it.each([
    ["a VPC that is none", { ...OLD_LAB, vpcs: [7] }, "SCHEMA vpcs.0"],
    ["no subnets", { ...OLD_LAB, subnets: undefined }, "SCHEMA subnets"],
    ["an address that is none", { ...OLD_LAB, vpcs: [{ ...OLD_LAB.vpcs[0], cidr: 7 }] }, "SCHEMA vpcs.0.cidr"],
    ["settings that are none", { ...OLD_LAB, settings: null }, "SCHEMA settings"],
    ["a subnet of nobody", { ...OLD_LAB, subnets: [{ ...OLD_LAB.subnets[0], vpcId: "vpc-ffffffffffff" }], instances: [] }, "REF_UNKNOWN subnets.0.vpcId"],
  ])("with %s is refused at that field", (_what, old, complaint) => {
    const parsed = parseTopology(old);
    expect(parsed.ok ? [] : parsed.error.map((issue) => `${issue.code} ${issue.path.join(".")}`)).toContain(complaint);
  });
});
