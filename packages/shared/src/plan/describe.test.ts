import { describe, expect, it } from "vitest";
import { peeredLab, testContext, twoVpcLab } from "../testing/builders";
import { applyEdit } from "../topology/edit";
import type { Topology } from "../topology/topology";
import { EMPTY_TOPOLOGY } from "../topology/topology";
import { objectsOf } from "../topology/topology-index";
import { compileTopology } from "./compile";
import { describePlan, linuxCommandsFor, previewContext } from "./describe";
import { planChanges } from "./plan";

const lab = twoVpcLab();

describe("a plan in words", () => {
  const context = testContext(lab);
  const steps = planChanges(compileTopology(lab, context), {}, context);
  const plan = describePlan(steps, { topologyName: "default", before: null, after: lab }, "observed");

  it("names every drawn object once as created, containers first, and loses no step", () => {
    const drawn = [...objectsOf(lab)].map(({ object }) => object.id);
    expect(plan.changes.filter((change) => change.kind === "create").map((change) => change.objectId)).toEqual(drawn);
    expect(plan.changes.flatMap((change) => change.commands)).toHaveLength(steps.length);
    expect(plan.steps).toBe(steps.length);
  });

  it("says where an object is and what it becomes", () => {
    const byName = new Map(plan.changes.map((change) => [change.name, change.sentence]));
    expect(byName.get("vpc1/public")).toBe("Makes a bridge for 10.0.1.0/24 with the router at 10.0.1.1, routed to the internet gateway, by route table “public”.");
    expect(byName.get("vpc1/public/main")).toMatch(/^Makes namespace vpc1-public at 10\.0\.1\.2 with a web server on port 8080, filtered by security groups? /);
    expect(byName.get("vpc1/public (route table)")).toBe("Makes route table “public”, a kernel table of its own: local, 0.0.0.0/0 → vpc1-igw.");
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

describe("what is carried out in others' namespaces", () => {
  it("is listed under its own name when it was drawn anew, without commands", () => {
    const group = lab.securityGroups[0];
    const edited = applyEdit(lab, { op: "update", kind: "security-group", id: group?.id ?? "", set: { rules: [] } });
    if (!edited.ok) throw new Error("refused");
    const plan = describePlan([], { topologyName: "default", before: lab, after: edited.value.document }, "last-applied");
    expect(plan.changes).toEqual([{
      objectId: group?.id, kind: "change", commands: [], name: expect.stringContaining("(security group)") as string,
      sentence: expect.stringMatching(/^Changes security group .* 0 rules in and 0 rules out/) as string,
    }]);
  });
});

describe("a plan that is long", () => {
  it("is cut to what a person reads and a message takes", () => {
    const rules = Array.from({ length: 400 }, (_, n) => ({
      id: `sgr-${n.toString(16).padStart(12, "0")}`, direction: "ingress" as const, protocol: "tcp" as const, ports: { from: n + 1, to: n + 1 },
      peer: { cidr: "10.0.0.0/8" }, description: "",
    }));
    const routes = Array.from({ length: 500 }, (_, n) => ({ destination: `10.${n >> 8}.${n & 255}.0/24`, target: { kind: "gone" as const, id: "nat-0" } }));
    const doc: Topology = {
      ...lab, securityGroups: lab.securityGroups.map((group) => ({ ...group, rules })), routeTables: lab.routeTables.map((table) => ({ ...table, routes })),
    };
    const context = testContext(doc);
    const plan = describePlan(planChanges(compileTopology(doc, context), {}, context), { topologyName: "default", before: null, after: doc }, "observed");
    for (const change of plan.changes) {
      expect(change.sentence.length).toBeLessThan(2000);
      for (const command of change.commands) expect(command.length).toBeLessThan(20_000);
    }
    expect(plan.changes.flatMap((change) => change.commands).some((command) => /# … \d+ lines more$/.test(command))).toBe(true);
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
