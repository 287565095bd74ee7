import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/builders";
import { fullLab, named } from "../testing/full-lab";
import { applyEdit, applyEdits } from "./edit";
import type { EditCommand, SingleCommand } from "./edit-command";
import { newElasticIp, newInternetGateway, newPeering, associateElasticIp } from "./new-object";
import type { Topology } from "./topology";
import { indexTopology } from "./topology-index";
import { validateTopology } from "./validate";

const lab = fullLab();
const vpc1 = named(lab.vpcs, "vpc1");
const vpc2 = named(lab.vpcs, "vpc2");
const ofVpc1 = <T extends { vpcId: string; name: string }>(objects: readonly T[], name: string) => named(objects.filter((object) => object.vpcId === vpc1.id), name);
const nat = named(lab.natGateways, "nat");
const fw = named(lab.instances, "fw");
const peering = named(lab.peerings, "vpc1-vpc2");

/** Accepted, and taken back to the letter. */
function edited(doc: Topology, command: EditCommand): Topology {
  const result = applyEdit(doc, command);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  const back = applyEdit(result.value.document, result.value.inverse);
  expect(back.ok ? JSON.stringify(back.value.document) : back.error).toBe(JSON.stringify(doc));
  const again = back.ok ? applyEdit(back.value.document, back.value.inverse) : back;
  expect(again.ok ? again.value.document : again.error).toEqual(result.value.document);
  return result.value.document;
}
const refusal = (doc: Topology, command: EditCommand) => {
  const result = applyEdit(doc, command);
  return result.ok ? [] : result.error.map((issue) => `${issue.code} ${issue.path.join(".")}`);
};
const batch = (...commands: SingleCommand[]): EditCommand => ({ op: "batch", commands });
const remove = (object: { id: string }): SingleCommand => ({ op: "delete", id: object.id });
const routesTo = (doc: Topology, id: string) => doc.routeTables.flatMap((table) => table.routes.filter((route) => route.target.id === id));

describe("what a deletion leaves behind", () => {
  it.each([["a NAT gateway", nat], ["an instance", fw], ["a peering", peering]])("routes to %s become blackholes", (_what, object) => {
    const before = routesTo(lab, object.id);
    expect(before.length).toBeGreaterThan(0);
    const after = edited(lab, remove(object));
    expect(routesTo(after, object.id)).toEqual(before.map((route) => ({ ...route, target: { kind: "gone", id: object.id } })));
    expect(validateTopology(after).filter((issue) => issue.code === "ROUTE_BLACKHOLE")).toHaveLength(before.length);
  });

  it("Elastic IPs are kept, free", () => {
    const after = edited(lab, remove(ofVpc1(lab.subnets, "public")));
    expect(after.natGateways).toEqual([]);
    expect(after.elasticIps.map((ip) => [ip.name, ip.target]).sort()).toEqual([["nat-eip", null], ["web-eip", null]]);
  });

  it("rules that name a group of a VPC that went are stale; the peering's routes are blackholes", () => {
    const group2 = lab.securityGroups.find((group) => group.id === vpc2.defaultSecurityGroupId);
    const db = ofVpc1(lab.securityGroups, "db");
    const rules = db.rules.map((rule) => ({ ...rule, peer: { securityGroupId: group2?.id ?? "" } }));
    const referring = edited(lab, { op: "update", kind: "security-group", id: db.id, set: { rules } });
    const after = edited(referring, remove(vpc2));
    expect(after.securityGroups.find((group) => group.id === db.id)?.rules[0]?.peer).toEqual({ goneSecurityGroupId: group2?.id });
    expect(after.peerings).toEqual([]);
    expect(routesTo(after, peering.id).every((route) => route.target.kind === "gone")).toBe(true);
    expect([after.routeTables, after.networkAcls, after.internetGateways].flatMap((objects) => objects.filter((object) => object.vpcId === vpc2.id))).toEqual([]);
  });

  it("a route for a whole subnet goes with the subnet", () => {
    const subnet = ofVpc1(lab.subnets, "private");
    const main = ofVpc1(lab.routeTables, "main");
    const routed = edited(lab, {
      op: "update", kind: "route-table", id: main.id, set: { routes: [...main.routes, { destination: subnet.cidr, target: { kind: "instance", id: fw.id } }] },
    });
    const after = edited(routed, remove(subnet));
    expect(after.routeTables.find((table) => table.id === main.id)).toEqual(main);
  });

  it("what the deletion does not concern is the same object as before", () => {
    const result = applyEdit(lab, remove(nat));
    if (!result.ok) throw new Error("refused");
    expect(result.value.document.instances).toBe(lab.instances);
    expect(result.value.document.routeTables.find((table) => table.name === "public")).toBe(lab.routeTables.find((table) => table.name === "public"));
  });
});

describe("what is in use stays, and says by whom", () => {
  it("the message names the user", () => {
    const result = applyEdit(lab, remove(ofVpc1(lab.securityGroups, "web")));
    expect(result.ok ? "" : result.error[0]?.message).toContain("“main”");
  });

  it.each([[0], [1]])("but goes together with what uses it, in either order (%d)", (first) => {
    const pairs: [{ id: string }, { id: string }][] = [
      [ofVpc1(lab.subnets, "private"), ofVpc1(lab.routeTables, "nat")],
      [ofVpc1(lab.subnets, "private"), ofVpc1(lab.networkAcls, "edge")],
    ];
    for (const [user, used] of pairs) {
      const after = edited(lab, first === 0 ? batch(remove(user), remove(used)) : batch(remove(used), remove(user)));
      expect(JSON.stringify(after)).not.toContain(used.id);
    }
  });

  it("two groups that name each other go together only", () => {
    const [web, db] = [ofVpc1(lab.securityGroups, "web"), ofVpc1(lab.securityGroups, "db")];
    const freed = lab.instances.map((instance): SingleCommand => ({ op: "update", kind: "instance", id: instance.id, set: { securityGroupIds: instance.securityGroupIds.slice(0, 1) } }));
    const rule = { ...db.rules[0], id: "sgr-00000000e001", peer: { securityGroupId: db.id } } as (typeof web.rules)[number];
    const mutual = edited(lab, batch(...freed, { op: "update", kind: "security-group", id: web.id, set: { rules: [rule] } }));
    expect(refusal(mutual, remove(web))).toEqual(["IN_USE id"]);
    expect(refusal(mutual, remove(db))).toEqual(["IN_USE id"]);
    expect(edited(mutual, batch(remove(web), remove(db))).securityGroups.map((group) => group.name)).not.toContain("db");
  });

  it("the main table can be deleted once another is the main one", () => {
    const [main, other] = [ofVpc1(lab.routeTables, "main"), ofVpc1(lab.routeTables, "public")];
    const after = edited(lab, batch({ op: "update", kind: "vpc", id: vpc1.id, set: { mainRouteTableId: other.id } }, remove(main)));
    expect(after.routeTables.map((table) => table.id)).not.toContain(main.id);
  });

  it("adding a gateway can be undone although an Elastic IP was associated before it", () => {
    const random = seededRandom(4);
    const index = indexTopology(lab);
    const gateway = index.gatewayOfVpc(vpc2.id);
    const instance = index.instancesOfSubnet(index.subnetsOfVpc(vpc2.id)[0]?.id ?? "")[0];
    let doc = edited(lab, remove(gateway ?? nat));
    const made = newElasticIp(doc, random);
    doc = edited(doc, made.command);
    doc = edited(doc, associateElasticIp(doc, made.id, { kind: "instance", id: instance?.id ?? "" }));
    doc = edited(doc, newInternetGateway(doc, vpc2.id, random).command);
    expect(refusal(doc, remove(indexTopology(doc).gatewayOfVpc(vpc2.id) ?? nat))).toEqual(["IN_USE id"]);
  });
});

describe("a VPC that is peered with another topology", () => {
  const abroad = applyEdits(lab, [{
    op: "create", kind: "peering",
    object: {
      id: "pcx-ffffffffffff", name: "abroad", requesterVpcId: "vpc-ffffffffffff", accepterVpcId: vpc1.id, status: "pending-acceptance",
      remote: { side: "requester", topologyId: "00000000-0000-4000-8000-00000000abcd", topologyName: "abroad", vpcName: "vpc9", cidr: "192.168.0.0/16" },
    },
  }]);
  if (!abroad.ok) throw new Error(JSON.stringify(abroad.error));

  it("keeps its CIDR, which the other side was shown, until the peering is deleted", () => {
    const wider: SingleCommand = { op: "update", kind: "vpc", id: vpc1.id, set: { cidr: "10.0.0.0/17" } };
    const at = lab.vpcs.findIndex((vpc) => vpc.id === vpc1.id);
    expect(refusal(abroad.value, wider)).toContain(`PEER_FIXED vpcs.${at}.cidr`);
    edited(abroad.value, batch({ op: "delete", id: "pcx-ffffffffffff" }, wider));
  });

  it("can be peered with others besides, but not with one that overlaps", () => {
    expect(refusal(abroad.value, { op: "update", kind: "vpc", id: vpc2.id, set: { name: "fine" } })).toEqual([]);
    const made = newPeering(abroad.value, vpc1.id, vpc2.id, seededRandom(3));
    expect(refusal(abroad.value, made.command)).toEqual(["PEER_DUPLICATE peerings.1.accepterVpcId"]);
  });
});
