import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/builders";
import { describeRule } from "./describe-rule";
import { groupsOf } from "./effective";
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

describe("the labs' web servers", () => {
  it("stand in the public subnets and are opened to everybody by a group of their own", () => {
    const { document } = buildTemplate("two-vpc", seededRandom(2));
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
