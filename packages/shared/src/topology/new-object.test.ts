import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/builders";
import { fullLab, named } from "../testing/full-lab";
import { applyEdit } from "./edit";
import type { EditCommand } from "./edit-command";
import { moveInstance, newInternetGateway, newNetworkAcl, newPeering, newSecurityGroup, newSubnet, newVpc, setSubnetType, associateElasticIp, newNatGateway } from "./new-object";
import { subnetType } from "./subnet-type";
import type { Topology } from "./topology";
import { EMPTY_TOPOLOGY } from "./topology";
import { indexTopology } from "./topology-index";
import { validateTopology } from "./validate";

const random = seededRandom(21);
const after = (doc: Topology, command: EditCommand): Topology => {
  const edited = applyEdit(doc, command);
  if (!edited.ok) throw new Error(JSON.stringify(edited.error));
  return edited.value.document;
};
const made = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const oneVpc = () => {
  const vpc = made(newVpc(EMPTY_TOPOLOGY, random));
  return { vpcId: vpc.id, doc: after(EMPTY_TOPOLOGY, vpc.command) };
};

describe("a new VPC", () => {
  it("comes with AWS's defaults: main table, ACL that allows all, group that lets its members in and everything out", () => {
    const { doc, vpcId } = oneVpc();
    const index = indexTopology(doc);
    const vpc = index.vpcById.get(vpcId);
    expect(index.routeTableById.get(vpc?.mainRouteTableId ?? "")?.routes).toEqual([]);
    expect(index.networkAclById.get(vpc?.defaultNetworkAclId ?? "")?.entries.map((entry) => `${entry.direction} ${entry.number} ${entry.action} ${entry.protocol} ${entry.cidr}`))
      .toEqual(["ingress 100 allow all 0.0.0.0/0", "egress 100 allow all 0.0.0.0/0"]);
    expect(index.groupById.get(vpc?.defaultSecurityGroupId ?? "")?.rules.map((rule) => [rule.direction, rule.protocol, rule.peer]))
      .toEqual([["ingress", "all", { securityGroupId: vpc?.defaultSecurityGroupId }], ["egress", "all", { cidr: "0.0.0.0/0" }]]);
  });

  it("custom groups let nothing in, custom ACLs let nothing through", () => {
    const { doc, vpcId } = oneVpc();
    const group = newSecurityGroup(doc, vpcId, random);
    const acl = newNetworkAcl(doc, vpcId, random);
    const next = indexTopology(after(after(doc, group.command), acl.command));
    expect(next.groupById.get(group.id)?.rules.map((rule) => rule.direction)).toEqual(["egress"]);
    expect(next.networkAclById.get(acl.id)?.entries).toEqual([]);
  });
});

describe("public and private", () => {
  it("the first public subnet brings gateway and table, the second uses them; one undo takes each away", () => {
    let { doc } = oneVpc();
    const vpcId = doc.vpcs[0]?.id ?? "";
    for (const expected of [1, 1]) {
      const subnet = made(newSubnet(doc, vpcId, "public", random));
      const edited = applyEdit(doc, subnet.command);
      if (!edited.ok) throw new Error(JSON.stringify(edited.error));
      const back = applyEdit(edited.value.document, edited.value.inverse);
      expect(back.ok && back.value.document).toEqual(doc);
      doc = edited.value.document;
      expect(doc.internetGateways).toHaveLength(expected);
      expect(doc.routeTables.map((table) => table.name).sort()).toEqual(["main", "public"]);
      expect(subnetType(indexTopology(doc), named(doc.subnets, doc.subnets.find(({ id }) => id === subnet.id)?.name ?? ""))).toBe("public");
    }
    expect(validateTopology(doc)).toEqual([]);
  });

  it("the switch goes there and back, and keeps the subnet's other routes", () => {
    const lab = fullLab();
    const subnet = lab.subnets.find((each) => each.name === "private");
    if (!subnet) throw new Error("no subnet");
    const opened = after(lab, setSubnetType(lab, subnet.id, "public", random));
    const now = () => opened.subnets.find((each) => each.id === subnet.id) ?? subnet;
    expect(subnetType(indexTopology(opened), now())).toBe("public");
    expect(now().autoAssignPublicAddress).toBe(true);
    const closed = after(opened, setSubnetType(opened, subnet.id, "private", random));
    const then = closed.subnets.find((each) => each.id === subnet.id) ?? subnet;
    expect(subnetType(indexTopology(closed), then)).toBe("private");
    expect(then.autoAssignPublicAddress).toBe(false);
  });

  it("where the main table leads to the internet, private gets a table of its own with everything else in it", () => {
    const { doc: bare, vpcId } = oneVpc();
    let doc = after(bare, newInternetGateway(bare, vpcId, random).command);
    const vpc = doc.vpcs[0];
    const gateway = doc.internetGateways[0];
    const routes = [
      { destination: "0.0.0.0/0", target: { kind: "internet-gateway" as const, id: gateway?.id ?? "" } }, { destination: "10.99.0.0/16", target: { kind: "gone" as const, id: "pcx-00000000aaaa" } },
    ];
    doc = after(doc, { op: "update", kind: "route-table", id: vpc?.mainRouteTableId ?? "", set: { routes } });
    const subnet = made(newSubnet(doc, vpcId, "public", random));
    doc = after(doc, subnet.command);
    expect(doc.subnets[0]?.routeTableId).toBeNull();
    doc = after(doc, setSubnetType(doc, subnet.id, "private", random));
    expect(named(doc.routeTables, "private").routes).toEqual(routes.slice(1));
    expect(doc.subnets[0]?.routeTableId).toBe(named(doc.routeTables, "private").id);
  });

  it("a gateway that comes back repairs the routes of the one that was deleted", () => {
    const { doc: bare, vpcId } = oneVpc();
    let doc = after(bare, made(newSubnet(bare, vpcId, "public", random)).command);
    doc = after(doc, { op: "delete", id: doc.internetGateways[0]?.id ?? "" });
    expect(validateTopology(doc).map((issue) => issue.code)).toEqual(["ROUTE_BLACKHOLE", "NO_INTERNET_GATEWAY"]);
    const again = newInternetGateway(doc, vpcId, random);
    doc = after(doc, again.command);
    expect(validateTopology(doc)).toEqual([]);
    expect(named(doc.routeTables, "public").routes).toEqual([{ destination: "0.0.0.0/0", target: { kind: "internet-gateway", id: again.id } }]);
  });

  it("so does the switch", () => {
    const { doc: bare, vpcId } = oneVpc();
    let doc = after(bare, made(newSubnet(bare, vpcId, "public", random)).command);
    doc = after(doc, { op: "delete", id: doc.internetGateways[0]?.id ?? "" });
    const switched = after(doc, setSubnetType(doc, doc.subnets[0]?.id ?? "", "public", random));
    expect(validateTopology(switched)).toEqual([]);
    expect(switched.routeTables.map((table) => table.name).sort()).toEqual(["main", "public"]);
  });
});

describe("gestures that concern several objects", () => {
  it("a peering routes every table of both VPCs and opens both default groups, once", () => {
    const lab = after(fullLab(), { op: "delete", id: fullLab().peerings[0]?.id ?? "" });
    const [a, b] = [named(lab.vpcs, "vpc1"), named(lab.vpcs, "vpc2")];
    const peering = newPeering(lab, a.id, b.id, random);
    const doc = after(lab, peering.command);
    const index = indexTopology(doc);
    for (const [vpc, peer] of [[a, b], [b, a]] as const) {
      for (const table of index.routeTablesOfVpc(vpc.id)) {
        expect(table.routes.filter((route) => route.destination === peer.cidr).map((route) => route.target.id)).toEqual([peering.id]);
      }
      expect(index.groupById.get(vpc.defaultSecurityGroupId)?.rules.filter((rule) => "cidr" in rule.peer && rule.peer.cidr === peer.cidr)).toHaveLength(1);
    }
    expect(validateTopology(doc).filter((issue) => issue.code === "ROUTE_BLACKHOLE")).toEqual([]);
  });

  it("an instance that moves to another VPC gets the groups of the same names there, else the default one", () => {
    const lab = fullLab();
    const [vpc1, vpc2] = [named(lab.vpcs, "vpc1"), named(lab.vpcs, "vpc2")];
    const subnetOf = (vpcId: string, name: string) => named(lab.subnets.filter((subnet) => subnet.vpcId === vpcId), name);
    const web = lab.instances.find((instance) => instance.subnetId === subnetOf(vpc1.id, "public").id && instance.name === "main");
    const moved = after(lab, made(moveInstance(lab, web?.id ?? "", subnetOf(vpc2.id, "public").id)));
    const index = indexTopology(moved);
    const names = index.instanceById.get(web?.id ?? "")?.securityGroupIds.map((id) => `${index.groupById.get(id)?.vpcId === vpc2.id} ${index.groupById.get(id)?.name}`);
    expect(names?.sort()).toEqual(["true default", "true web"]);
  });

  it("an Elastic IP moves, and sets free the one that its new owner had", () => {
    const lab = fullLab();
    const [nat, webEip] = [named(lab.natGateways, "nat"), named(lab.elasticIps, "web-eip")];
    const doc = after(lab, associateElasticIp(lab, webEip.id, { kind: "nat-gateway", id: nat.id }));
    expect(named(doc.elasticIps, "nat-eip").target).toBeNull();
    expect(named(doc.elasticIps, "web-eip").target?.id).toBe(nat.id);
    expect(named(after(doc, associateElasticIp(doc, webEip.id, null)).elasticIps, "web-eip").target).toBeNull();
  });

  it("NAT gateways and instances of a subnet never share a name or an address", () => {
    let doc = fullLab();
    const subnet = doc.subnets.find((each) => each.id === doc.natGateways[0]?.subnetId);
    doc = after(doc, made(newNatGateway(doc, subnet?.id ?? "", random)).command);
    const owners = [...indexTopology(doc).instancesOfSubnet(subnet?.id ?? ""), ...doc.natGateways];
    expect(new Set(owners.map((owner) => owner.address)).size).toBe(owners.length);
    expect(doc.natGateways.map((gateway) => gateway.name).sort()).toEqual(["nat", "nat2"]);
  });
});
