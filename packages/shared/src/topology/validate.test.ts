import { describe, expect, it } from "vitest";
import { gridTopology, peeredLab, twoVpcLab } from "../testing/builders";
import type { Topology } from "./topology";
import { LIMITS } from "./topology";
import { parseTopology, validateTopology } from "./validate";

/** A copy of the lab with one thing changed by hand, past every editor. */
function damaged(change: (doc: Topology) => void, from: Topology = twoVpcLab()): Topology {
  const doc = structuredClone(from);
  change(doc);
  return doc;
}

const at = <T>(items: T[], i: number): T => {
  const item = items[i];
  if (!item) throw new Error(`the lab has no item ${i}`);
  return item;
};

/** Codes and paths of everything that is wrong. */
const complaints = (doc: unknown) => {
  const parsed = parseTopology(doc);
  return parsed.ok ? [] : parsed.error.map((issue) => `${issue.code} ${issue.path.join(".")}`);
};

describe("accepts what AWS accepts", () => {
  it("the two-VPC lab, peered or not, and a grid of 100 instances", () => {
    for (const doc of [twoVpcLab(), peeredLab(), gridTopology({ vpcs: 10, subnetsPerVpc: 2, instancesPerSubnet: 5 })]) {
      expect(validateTopology(doc)).toEqual([]);
    }
  });

  it("a subnet as large as its VPC, or touching its border", () => {
    const whole = damaged((doc) => {
      doc.subnets = doc.subnets.filter((subnet) => subnet.vpcId === at(doc.subnets, 0).vpcId).slice(0, 1);
      at(doc.subnets, 0).cidr = at(doc.vpcs.filter((vpc) => vpc.id === at(doc.subnets, 0).vpcId), 0).cidr;
      doc.instances = [];
    });
    expect(complaints(whole)).toEqual([]);
  });

  it("two unpeered VPCs with the same range", () => {
    const doc = gridTopology({ vpcs: 2, subnetsPerVpc: 1, instancesPerSubnet: 1 });
    at(doc.vpcs, 1).cidr = "10.0.0.0/16";
    at(doc.subnets, 1).cidr = "10.0.1.0/24";
    at(doc.instances, 1).address = "10.0.1.2";
    expect(complaints(doc)).toEqual([]);
  });
});

describe("names", () => {
  it.each([
    "web;id", "$(id)", "`id`", "a|b", "a&&b", "${IFS}", "-h", "--help", "-rf", "../x", "..", ".", "a/b", "%2e%2e", "a b", "", " ", " a", "a ", "Web", "1a", "a_b",
    "a.b", "veth%d", "wеb", "\u202Eabc", "a\u200Bb", "<script>", "{{7*7}}", "\u001b[2J", "\ud800", "a\nb", "\"\nflush ruleset", "naïve", "网",
  ])("refuses %j with NAME_GRAMMAR at the field", (name) => {
    const doc = damaged((copy) => { at(copy.vpcs, 0).name = name; });
    expect(complaints(doc)).toContain("NAME_GRAMMAR vpcs.0.name");
  });

  it("refuses a 60-character name with NAME_LENGTH", () => {
    expect(complaints(damaged((doc) => { at(doc.subnets, 1).name = "a".repeat(60); }))).toEqual(["NAME_LENGTH subnets.1.name"]);
  });

  it("refuses a second VPC, a second subnet of a VPC, a second instance of a subnet with a name that is taken", () => {
    expect(complaints(damaged((doc) => { at(doc.vpcs, 1).name = at(doc.vpcs, 0).name; }))).toEqual(["NAME_TAKEN vpcs.1.name"]);
    const grid = gridTopology({ vpcs: 1, subnetsPerVpc: 2, instancesPerSubnet: 2 });
    expect(complaints(damaged((doc) => { at(doc.subnets, 1).name = "s0"; }, grid))).toContain("NAME_TAKEN subnets.1.name");
    expect(complaints(damaged((doc) => { at(doc.instances, 1).name = "main"; }, grid))).toContain("NAME_TAKEN instances.1.name");
  });

  it("refuses two paths that would give one namespace name", () => {
    const doc = gridTopology({ vpcs: 2, subnetsPerVpc: 1, instancesPerSubnet: 1 });
    at(doc.vpcs, 0).name = "a-b";
    at(doc.subnets, 0).name = "c";
    at(doc.vpcs, 1).name = "a";
    at(doc.subnets, 1).name = "b-c";
    expect(complaints(doc)).toEqual(["NAME_TAKEN instances.1.name"]);
  });

  it("shows nothing of a hostile name but visible characters", () => {
    const issues = validateTopology(damaged((doc) => { at(doc.vpcs, 0).name = "a\u001b]52;c;x\u0007\u202E"; }));
    expect(issues[0]?.message).not.toMatch(/[\u0000-\u001f\u202E]/);
  });
});

describe("addresses", () => {
  it.each([
    ["10.0.0.5/16", "CIDR_NOT_CANONICAL"], ["10.0.0.0/15", "PREFIX_RANGE"], ["10.0.0.0/29", "PREFIX_RANGE"], ["0.0.0.0/0", "PREFIX_RANGE"],
    ["10.0.0.5/32", "PREFIX_RANGE"], ["127.0.0.0/16", "PREFIX_RESERVED"], ["169.254.0.0/16", "PREFIX_RESERVED"], ["0.0.0.0/16", "PREFIX_RESERVED"],
    ["224.0.0.0/16", "PREFIX_RESERVED"], ["240.0.0.0/16", "PREFIX_RESERVED"], ["010.0.0.0/16", "CIDR_SYNTAX"], ["10.0.0.0/016", "CIDR_SYNTAX"],
    ["10/8", "CIDR_SYNTAX"], ["example.com", "CIDR_SYNTAX"], ["fe80::/64", "CIDR_SYNTAX"], ["::ffff:10.0.0.0/112", "CIDR_SYNTAX"], ["abc", "CIDR_SYNTAX"],
    ["10.0.0.0/16; reboot", "CIDR_SYNTAX"], ["", "CIDR_SYNTAX"],
  ])("a VPC of %j is refused with %s", (cidr, code) => {
    const doc = damaged((copy) => { at(copy.vpcs, 0).cidr = cidr; });
    expect(complaints(doc)).toContain(`${code} vpcs.0.cidr`);
  });

  it("host bits: says which network was meant", () => {
    const issues = validateTopology(damaged((doc) => { at(doc.subnets, 0).cidr = "10.0.1.5/24"; }));
    expect(issues[0]?.message).toContain("10.0.1.0/24");
  });

  it("a subnet outside its VPC, and overlapping subnets of one VPC", () => {
    const grid = gridTopology({ vpcs: 1, subnetsPerVpc: 2, instancesPerSubnet: 0 });
    expect(complaints(damaged((doc) => { at(doc.subnets, 1).cidr = "10.9.0.0/24"; }, grid))).toEqual(["CIDR_OUTSIDE_VPC subnets.1.cidr"]);
    expect(complaints(damaged((doc) => { at(doc.subnets, 1).cidr = "10.0.0.0/16"; }, grid))).toEqual(["CIDR_OVERLAP subnets.1.cidr"]);
  });

  it.each([
    ["10.0.2.9", "ADDR_OUTSIDE_SUBNET"], ["10.0.1.0", "ADDR_RESERVED"], ["10.0.1.1", "ADDR_RESERVED"], ["10.0.1.255", "ADDR_RESERVED"],
    ["10.0.1.03", "ADDR_SYNTAX"], ["web", "ADDR_SYNTAX"], ["10.0.1.2", "ADDR_TAKEN"],
  ])("an instance at %s is refused with %s", (address, code) => {
    const doc = damaged((copy) => { at(copy.instances, 1).address = address; }, gridTopology({ vpcs: 1, subnetsPerVpc: 1, instancesPerSubnet: 2 }));
    expect(complaints(doc)).toEqual([`${code} instances.1.address`]);
  });

  it("AWS addressing keeps +2 and +3 as well, and the resolver's address is never an instance's", () => {
    const grid = gridTopology({ vpcs: 1, subnetsPerVpc: 1, instancesPerSubnet: 1 });
    expect(complaints(damaged((doc) => { doc.settings.addressing = "aws"; }, grid))).toEqual(["ADDR_RESERVED instances.0.address"]);
    const first = damaged((doc) => { at(doc.subnets, 0).cidr = "10.0.0.0/24"; at(doc.instances, 0).address = "10.0.0.2"; }, grid);
    expect(complaints(first)).toEqual(["ADDR_RESERVED instances.0.address"]);
  });
});

describe("the graph", () => {
  it("refuses ids used twice, and references that lead nowhere, with one message for all of them", () => {
    expect(complaints(damaged((doc) => { at(doc.vpcs, 1).id = at(doc.vpcs, 0).id; }))).toContain("ID_DUPLICATE vpcs.1.id");
    expect(complaints(damaged((doc) => { at(doc.subnets, 0).vpcId = "vpc-ffffffffffff"; }))).toEqual(["REF_UNKNOWN subnets.0.vpcId"]);
    expect(complaints(damaged((doc) => { at(doc.instances, 0).subnetId = at(doc.vpcs, 0).id; }))).toEqual(["REF_UNKNOWN instances.0.subnetId"]);
  });

  it("peerings: not with itself, not twice (in either direction), not between overlapping VPCs", () => {
    const lab = peeredLab();
    const peering = at(lab.peerings, 0);
    expect(complaints(damaged((doc) => { at(doc.peerings, 0).accepterVpcId = peering.requesterVpcId; }, lab))).toEqual(["PEER_SELF peerings.0.accepterVpcId"]);
    const twice = damaged((doc) => {
      doc.peerings.push({ id: "pcx-ffffffffffff", name: "again", requesterVpcId: peering.accepterVpcId, accepterVpcId: peering.requesterVpcId, status: "active", remote: null });
    }, lab);
    expect(complaints(twice)).toEqual(["PEER_DUPLICATE peerings.1.accepterVpcId"]);
    const overlapping = damaged((doc) => {
      for (const vpc of doc.vpcs) vpc.cidr = "10.0.0.0/16";
      for (const subnet of doc.subnets) subnet.cidr = subnet.cidr.replace("172.16.1", "10.0.9");
      for (const instance of doc.instances) instance.address = instance.address.replace("172.16.1", "10.0.9");
    }, lab);
    expect(complaints(overlapping)).toEqual(["PEER_OVERLAP peerings.0.accepterVpcId"]);
  });

  it("one internet gateway per VPC", () => {
    const doc = damaged((copy) => { at(copy.internetGateways, 1).vpcId = at(copy.internetGateways, 0).vpcId; });
    expect(complaints(doc)).toEqual(["IGW_DUPLICATE internetGateways.1.vpcId"]);
  });

  it.each([0, 65536, -1])("port %d is refused", (port) => {
    expect(complaints(damaged((doc) => { at(doc.instances, 0).webServer = { port }; }))).toEqual(["PORT instances.0.webServer.port"]);
  });

  it("one more than each limit is refused with the limit's own code", () => {
    const many = (n: number) => gridTopology({ vpcs: 1, subnetsPerVpc: 1, instancesPerSubnet: n });
    expect(complaints(many(0))).toEqual([]);
    const vpcs = gridTopology({ vpcs: LIMITS.vpcs + 1, subnetsPerVpc: 0, instancesPerSubnet: 0 });
    expect(complaints(vpcs)).toContain("LIMIT_VPCS vpcs");
    const instances = gridTopology({ vpcs: 5, subnetsPerVpc: 1, instancesPerSubnet: 201 });
    expect(complaints(instances)).toContain("LIMIT_INSTANCES instances");
    const subnets = gridTopology({ vpcs: 1, subnetsPerVpc: LIMITS.subnetsPerVpc + 1, instancesPerSubnet: 0 });
    expect(complaints(subnets)).toContain("LIMIT_SUBNETS subnets");
  });
});

describe("the shape of the document is closed", () => {
  it.each([
    ["null", null], ["an array", []], ["a string", "x"], ["an unknown key", { ...twoVpcLab(), extra: 1 }], ["a newer schema", { ...twoVpcLab(), schemaVersion: 4 }],
    ["a number as text", { ...twoVpcLab(), instances: [{ ...at(twoVpcLab().instances, 0), webServer: { port: "80" } }] }],
    ["a fraction of a port", { ...twoVpcLab(), instances: [{ ...at(twoVpcLab().instances, 0), webServer: { port: 80.5 } }] }],
    ["an object where a list belongs", { ...twoVpcLab(), vpcs: {} }], ["a foreign id", { ...twoVpcLab(), vpcs: [{ id: "../x", name: "a", cidr: "10.0.0.0/16" }] }],
  ])("refuses %s with SCHEMA", (_what, doc) => {
    const found = complaints(doc);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((complaint) => complaint.startsWith("SCHEMA"))).toBe(true);
  });
});

describe("hints", () => {
  it("public addresses without a way out, and a gateway that no subnet uses, are warnings", () => {
    const lab = twoVpcLab();
    const withoutRoute = damaged((doc) => { for (const table of doc.routeTables) table.routes = []; }, lab);
    expect(validateTopology(withoutRoute).map((issue) => `${issue.severity} ${issue.code}`)).toEqual([
      "warning NO_INTERNET_GATEWAY", "warning NO_INTERNET_GATEWAY", "warning IGW_UNUSED", "warning IGW_UNUSED",
    ]);
    expect(parseTopology(withoutRoute).ok).toBe(true);
  });
});
