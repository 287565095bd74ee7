import { describe, expect, it } from "vitest";
import { peeredLab, seededRandom, twoVpcLab } from "@vpclab/shared/testing/builders";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { newNatGateway } from "@vpclab/shared/topology/new-object";
import { isOursToAnswer, peeringEnds, routesInWords } from "./peering-view";
import { blackholesOfSubnet, routeTargetsOf, targetName } from "./route-view";

function edited(document: Topology, command: EditCommand): Topology {
  const done = applyEdit(document, command);
  if (!done.ok) throw new Error(done.error[0]!.message);
  return done.value.document;
}

const vpcNamed = (doc: Topology, name: string) => doc.vpcs.find((vpc) => vpc.name === name)!;

describe("routes as people read them", () => {
  it("every subnet of a fresh lab is without blackholes; a deleted gateway leaves one, a pending peering too", () => {
    const doc = peeredLab();
    const holes = (after: Topology) => after.subnets.flatMap((subnet) => blackholesOfSubnet(indexTopology(after), subnet));
    expect(holes(doc)).toEqual([]);
    expect(holes(edited(doc, { op: "delete", id: doc.internetGateways[0]!.id }))).toEqual(["0.0.0.0/0"]);
    const pending = edited(doc, { op: "update", kind: "peering", id: doc.peerings[0]!.id, set: { status: "pending-acceptance" } });
    expect(new Set(holes(pending))).toEqual(new Set(doc.vpcs.map(({ cidr }) => cidr)));
  });

  it("offers everything of the VPC that a route may lead to, and nothing of another", () => {
    const doc = twoVpcLab();
    const vpc = vpcNamed(doc, "vpc1");
    const publicSubnet = doc.subnets.find(({ vpcId, name }) => vpcId === vpc.id && name === "public")!;
    const made = newNatGateway(doc, publicSubnet.id, seededRandom(4));
    if (!made.ok) throw new Error("no room");
    const after = edited(doc, made.value.command);
    expect(routeTargetsOf(indexTopology(after), vpc.id).map(({ label }) => label).sort()).toEqual(["NAT gateway public/nat", "instance private/main", "instance public/main", "vpc1-igw"]);
    expect(targetName(indexTopology(doc), { kind: "gone", id: "nat-00000000dead" })).toBe("nat-00000000dead (deleted)");
  });
});

describe("a peering in words", () => {
  it("says which sides have routes", () => {
    let doc = peeredLab();
    const [peering] = doc.peerings;
    const words = () => routesInWords(indexTopology(doc), doc.peerings[0]!);
    const dropRoutes = (name: string) => {
      for (const table of doc.routeTables.filter(({ vpcId }) => vpcId === vpcNamed(doc, name).id)) {
        doc = edited(doc, { op: "update", kind: "route-table", id: table.id, set: { routes: table.routes.filter(({ target }) => target.id !== peering!.id) } });
      }
    };
    expect(words()).toBe("routes: both");
    dropRoutes("vpc2");
    expect(words()).toBe("routes: only vpc1");
    dropRoutes("vpc1");
    expect(words()).toBe("routes: none");
  });

  it("names the far end by its topology, and knows whose answer is awaited", () => {
    const doc = peeredLab();
    const far = { topologyId: "00000000-0000-4000-8000-000000000002", topologyName: "lab2", vpcName: "vpc9", cidr: "10.9.0.0/16" };
    const asked = { ...doc.peerings[0]!, status: "pending-acceptance" as const, remote: { side: "requester" as const, ...far } };
    expect(peeringEnds(indexTopology(doc), asked)[0]).toEqual({ vpcId: null, name: "lab2/vpc9", cidr: "10.9.0.0/16" });
    expect(isOursToAnswer(asked)).toBe(true);
    expect(isOursToAnswer({ ...asked, remote: { side: "accepter", ...far } })).toBe(false);
    expect(isOursToAnswer({ ...asked, status: "active" })).toBe(false);
  });
});
