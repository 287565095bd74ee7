import { describe, expect, it } from "vitest";
import { peeredLab, testContext, twoVpcLab } from "../testing/builders";
import { EMPTY_TOPOLOGY } from "../topology/topology";
import { compileTopology } from "./compile";
import { describePlan, linuxCommandsFor, previewContext } from "./describe";
import { planChanges } from "./plan";

const lab = twoVpcLab();

describe("a plan in words", () => {
  const context = testContext(lab);
  const steps = planChanges(compileTopology(lab, context), {}, context);
  const plan = describePlan(steps, { topologyName: "default", before: null, after: lab }, "observed");

  it("names every drawn object once as created, containers first, and loses no step", () => {
    const drawn = [...lab.vpcs, ...lab.subnets, ...lab.instances, ...lab.internetGateways].map((object) => object.id);
    expect(plan.changes.filter((change) => change.kind === "create").map((change) => change.objectId)).toEqual(drawn);
    expect(plan.changes.flatMap((change) => change.commands)).toHaveLength(steps.length);
    expect(plan.steps).toBe(steps.length);
  });

  it("says where an object is and what it becomes", () => {
    const byName = new Map(plan.changes.map((change) => [change.name, change.sentence]));
    expect(byName.get("vpc1/public")).toBe("Makes a bridge for 10.0.1.0/24 with the router at 10.0.1.1, with a default route to the internet gateway.");
    expect(byName.get("vpc1/public/main")).toBe("Makes namespace vpc1-public at 10.0.1.2 with a web server on port 8080.");
  });

  it("calls namespaces by the name they really get", () => {
    const named = describePlan(steps, { topologyName: "lab2", before: null, after: lab }, "observed");
    expect(named.changes.map((change) => change.sentence).join()).toContain("Makes namespace lab2.vpc1-public at");
  });

  it("tells change and removal apart", () => {
    const more = peeredLab();
    const changed = describePlan([{ owner: { topologyId: "t", objectId: lab.vpcs[0]?.id ?? "" }, namespace: "vpc1", action: "nft-delete", table: "inet vpclab" }], { topologyName: "default", before: lab, after: more }, "observed");
    expect(changed.changes[0]?.kind).toBe("change");
    const gone = describePlan([{ owner: { topologyId: "t", objectId: lab.vpcs[0]?.id ?? "" }, namespace: "vpc1", action: "netns-delete" }], { topologyName: "default", before: lab, after: EMPTY_TOPOLOGY }, "observed");
    expect(gone.changes[0]).toMatchObject({ kind: "remove", sentence: "Removes the VPC's router namespace with everything in it." });
  });
});

describe("show me the Linux", () => {
  it("gives the commands of one object", () => {
    const subnet = lab.subnets.find((candidate) => candidate.name === "public");
    const commands = linuxCommandsFor(lab, previewContext(lab, { id: "t", name: "default" }), subnet?.id ?? "");
    expect(commands.join("\n")).toMatch(/link add name br-[a-z2-7]{10} address 02:[0-9a-f:]{14} type bridge/);
    expect(commands.join("\n")).toContain("rule add priority 1000 iif br-");
  });
});
