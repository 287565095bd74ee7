import { seededRandom } from "@vpclab/shared/testing/builders";
import { buildTemplate } from "@vpclab/shared/templates/build-template";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { Topology } from "@vpclab/shared/topology/topology";
import { describe, expect, it } from "vitest";
import { chainOf, resourceMapOf } from "./resource-map";

const mapOf = (document: Topology, vpcId = document.vpcs[0]?.id ?? "") => resourceMapOf(indexTopology(document), vpcId);
const lab = (name: Parameters<typeof buildTemplate>[0]): Topology => buildTemplate(name, seededRandom(1)).document;

describe("the resource map of a VPC", () => {
  it("leads from a private subnet over its table to the NAT gateway, and to no internet gateway", () => {
    const document = lab("public-private-nat");
    const { boxes, links } = mapOf(document);
    const chain = chainOf(links, document.subnets.find(({ name }) => name === "private")?.id ?? "");
    const kinds = boxes.filter(({ id }) => chain.has(id)).map(({ kind }) => kind);
    expect(kinds).toEqual(["vpc", "subnet", "route-table", "nat-gateway"]);
  });

  it("shows a connection that no table leads to, without a link", () => {
    const document = structuredClone(lab("two-vpc"));
    for (const table of document.routeTables) table.routes = [];
    const { boxes, links } = mapOf(document);
    const gateway = boxes.find(({ kind }) => kind === "internet-gateway");
    expect(gateway).toBeDefined();
    expect(links.filter(({ to }) => to === gateway?.id)).toEqual([]);
  });

  it("has every subnet, table and connection of its VPC once, links between boxes that are there, and always to the right", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const document = randomTopology(seededRandom(seed));
      for (const vpc of document.vpcs) {
        const { boxes, links } = mapOf(document, vpc.id);
        const column = new Map(boxes.map((box) => [box.id, box.column]));
        expect(column.size).toBe(boxes.length);
        const own = [...document.subnets, ...document.routeTables, ...document.internetGateways].filter(({ vpcId }) => vpcId === vpc.id);
        expect(own.filter(({ id }) => !column.has(id))).toEqual([]);
        for (const { from, to } of links) expect((column.get(to) ?? -1) - (column.get(from) ?? 9)).toBe(1);
        for (const subnet of document.subnets.filter(({ vpcId }) => vpcId === vpc.id)) expect(links.filter(({ from }) => from === subnet.id)).toHaveLength(1);
      }
    }
  });

  it("is empty for a VPC that is gone", () => {
    expect(mapOf(lab("empty"), "vpc-00000001")).toEqual({ boxes: [], links: [] });
  });
});
