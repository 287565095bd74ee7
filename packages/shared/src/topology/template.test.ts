import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/builders";
import { describeDifference, diffTopologies } from "./diff";
import { subnetType } from "./subnet-type";
import { buildTemplate } from "./template";
import { indexTopology } from "./topology-index";
import { parseTopology } from "./validate";

describe("templates", () => {
  it.each(["empty", "two-vpc", "two-vpc-peered"] as const)("%s is a valid topology without a hint", (name) => {
    const { document } = buildTemplate(name, seededRandom(2));
    expect(parseTopology(JSON.parse(JSON.stringify(document)))).toEqual({ ok: true, value: document });
  });

  it("the two-VPC lab has the ranges of the tools before", () => {
    const { document } = buildTemplate("two-vpc", seededRandom(2));
    expect(document.vpcs.map((vpc) => `${vpc.name} ${vpc.cidr}`).sort()).toEqual(["vpc1 10.0.0.0/16", "vpc2 172.16.0.0/16"]);
    expect(document.subnets.map((subnet) => `${subnet.cidr} ${subnetType(indexTopology(document), subnet)}`).sort()).toEqual(["10.0.1.0/24 public", "10.0.2.0/24 private", "172.16.1.0/24 public"]);
    expect(document.instances.map((instance) => instance.address).sort()).toEqual(["10.0.1.2", "10.0.2.2", "172.16.1.2"]);
  });
});

describe("differences in words", () => {
  it("name what was added, removed and changed, and how", () => {
    const { document } = buildTemplate("two-vpc-peered", seededRandom(2));
    const changed = {
      ...document,
      peerings: [],
      subnets: document.subnets.map((subnet) => (subnet.name === "private" ? { ...subnet, cidr: "10.0.9.0/24" } : subnet)),
      instances: document.instances.map((instance) => ({ ...instance, webServer: null })),
    };
    expect(diffTopologies(document, document)).toEqual([]);
    const words = diffTopologies(document, changed).map(describeDifference);
    expect(words).toContain("subnet “private”: cidr 10.0.2.0/24 → 10.0.9.0/24");
    expect(words).toContain("instance “main”: webServer port 8080 → off");
    expect(words).toContain("peering connection “vpc1-vpc2” removed");
    expect(diffTopologies(changed, document).map(describeDifference)).toContain("peering connection “vpc1-vpc2” added");
  });
});
