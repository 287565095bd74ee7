import { describe, expect, it } from "vitest";
import { gridTopology } from "../testing/builders";
import { entry, port, TinyLab, via } from "../testing/tiny-lab";
import type { Topology } from "../topology/topology";
import type { FlowChange } from "./flow-changes";
import { flowChanges } from "./flow-changes";
import { explain } from "./reachability";
import { prepare } from "./drawing";

const HOST = { publicPool: true };
const line = ({ from, to, traffic }: FlowChange) => `${from} → ${to} ${traffic.join(", ")}`;
const edited = (doc: Topology, edit: (copy: Topology) => void): Topology => {
  const copy = structuredClone(doc);
  edit(copy);
  return copy;
};

/** web and db in one VPC; db's group lets tcp 5432 in from web's addresses and nothing else. */
function shop(): TinyLab {
  const lab = new TinyLab();
  lab.vpc("vpc1", "10.1.0.0/16");
  lab.subnet("vpc1/web", "10.1.1.0/24", [via("0.0.0.0/0", "internet-gateway", "igw-vpc1")]);
  lab.subnet("vpc1/db", "10.1.2.0/24");
  const group = lab.group("vpc1", "db", [lab.rule("ingress", "tcp", port(5432), { cidr: "10.1.1.0/24" }), lab.rule("egress")]);
  lab.doc.instances.find(({ id }) => id === "i-vpc1-db-main")!.securityGroupIds = [group.id];
  return lab;
}

describe("flows that an edit cuts or opens", () => {
  it("says nothing where nothing changes for packets", () => {
    const { doc } = shop();
    const renamed = edited(doc, (copy) => void (copy.subnets[0]!.name = "front"));
    expect(flowChanges(doc, renamed, HOST)).toEqual({ cut: [], opened: [], cutTotal: 0, openedTotal: 0, sampled: null });
  });

  it("names the flow, what stops it, and the rule that let it pass, when a group's rule goes", () => {
    const { doc } = shop();
    const after = edited(doc, (copy) => void copy.securityGroups.find(({ id }) => id === "sg-vpc1-db")!.rules.shift());
    const { cut, opened } = flowChanges(doc, after, HOST);
    expect(cut.map(line)).toEqual(["vpc1/web/main → vpc1/db/main tcp 5432"]);
    expect(cut[0]).toMatchObject({ decision: { code: "SG_HAS_NO_RULES" }, was: expect.stringContaining("tcp 5432") });
    expect(cut[0]!.why).toContain("5432");
    expect(opened).toEqual([]);
  });

  it("is turned round by the edit that leads back", () => {
    const { doc } = shop();
    const after = edited(doc, (copy) => void copy.securityGroups.find(({ id }) => id === "sg-vpc1-db")!.rules.shift());
    const back = flowChanges(after, doc, HOST);
    expect(back.opened.map(line)).toEqual(["vpc1/web/main → vpc1/db/main tcp 5432"]);
    expect(back.cut).toEqual([]);
  });

  it("names answers that an ACL no longer lets back", () => {
    const { doc } = shop();
    const after = edited(doc, (copy) => {
      copy.networkAcls.push({ id: "acl-vpc1-db", vpcId: "vpc-vpc1", name: "db", entries: [entry("ingress", 100, "allow")] });
      copy.subnets.find(({ id }) => id === "subnet-vpc1-db")!.networkAclId = "acl-vpc1-db";
    });
    const { cut } = flowChanges(doc, after, HOST);
    expect(cut.map(line)).toContain("vpc1/web/main → vpc1/db/main tcp 5432");
    expect(cut.find(({ from }) => from === "vpc1/web/main")!.why).toContain("answer");
  });

  it("counts the internet as an end", () => {
    const lab = shop();
    lab.elasticIp(lab.doc.instances.find(({ id }) => id === "i-vpc1-web-main")!);
    const after = edited(lab.doc, (copy) => void (copy.routeTables.find(({ id }) => id === "rtb-vpc1-web")!.routes = []));
    expect(flowChanges(lab.doc, after, HOST).cut.map(line)).toEqual(expect.arrayContaining([
      expect.stringMatching(/^vpc1\/web\/main → the internet icmp/), expect.stringMatching(/^the internet → vpc1\/web\/main icmp/),
    ]));
  });

  it("leaves out instances that are new or removed", () => {
    const { doc } = shop();
    const after = edited(doc, (copy) => void (copy.instances = copy.instances.filter(({ id }) => id !== "i-vpc1-db-main")));
    expect(flowChanges(doc, after, HOST)).toMatchObject({ cutTotal: 0, openedTotal: 0 });
    expect(flowChanges(after, doc, HOST)).toMatchObject({ cutTotal: 0, openedTotal: 0 });
  });

  it("says of each listed flow what the analysis of both documents says", () => {
    const { doc } = shop();
    const after = edited(doc, (copy) => void (copy.securityGroups.find(({ id }) => id === "sg-vpc1-default")!.rules.pop()));
    const { cut } = flowChanges(doc, after, HOST);
    expect(cut.length).toBeGreaterThan(0);
    for (const { source, destination, traffic } of cut) {
      for (const text of traffic) {
        const [protocol, number] = text.split(" ");
        const flow = { source, destination, protocol: protocol as "tcp", port: number ? Number(number) : null };
        expect([explain(prepare(doc, HOST), flow).reachable, explain(prepare(after, HOST), flow).reachable]).toEqual([true, false]);
      }
    }
  });
});

describe("a large topology", () => {
  const doc = gridTopology({ vpcs: 10, subnetsPerVpc: 4, instancesPerSubnet: 5 });
  const after = edited(doc, (copy) => { for (const group of copy.securityGroups) group.rules = group.rules.filter(({ direction }) => direction === "egress"); });

  it("is asked by samples of each kind of instance, and says so", () => {
    const { sampled, cutTotal, cut } = flowChanges(doc, after, HOST, { questionsMax: 3000, listedMax: 7 });
    expect(sampled).toEqual({ asked: expect.any(Number), of: doc.instances.length });
    expect((sampled!.asked + 1) ** 2 * 6).toBeLessThanOrEqual(3000);
    expect(cut).toHaveLength(7);
    expect(cutTotal).toBeGreaterThan(7);
  });

  it("asks about neighbours of a kind, too, where there is room", () => {
    const { cut } = flowChanges(doc, after, HOST, { questionsMax: 60_000, listedMax: 10_000 });
    const place = (name: string) => name.split("/").slice(0, 2).join("/");
    expect(cut.some(({ from, to }) => from !== to && place(from) === place(to))).toBe(true);
  });
});
