import { describe, expect, it } from "vitest";
import type { Issue } from "@vpclab/shared/errors/issue";
import { seededRandom } from "@vpclab/shared/testing/builders";
import type { FirewallRule, NetworkAclEntry, SecurityGroupRule } from "@vpclab/shared/topology/topology";
import { rowErrorsOf, WHOLE_ROW } from "../grid/row-form";
import { aclEntryForm, nextEntryNumber, sortedEntries } from "./acl-entry-form";
import { firewallRuleForm, moved, withRules } from "./firewall-rule-form";
import { groupRuleForm } from "./group-rule-form";
import { parsePorts, portsText } from "./port-text";
import { PUBLISHED_PORT_FORM } from "./published-port-form";
import { routeForm } from "./route-form";

const groups = [{ id: "sg-00000000000a", text: "web" }, { id: "sg-00000000000b", text: "vpc2/web" }];
const groupForm = groupRuleForm("ingress", groups, seededRandom(3));

describe("ports as text", () => {
  it.each([["80", { from: 80, to: 80 }], ["8000-8100", { from: 8000, to: 8100 }], ["8000 – 8100", { from: 8000, to: 8100 }], ["", null], ["all", null]])(
    "reads %j", (text, ports) => expect(parsePorts(text, "tcp")).toEqual(ports));

  it.each(["00080", "0x50", "1e3", "1.5", "-1", "ssh", "80-", "80-90-100", "80,81", "１２", " ", "8".repeat(20)].filter((text) => text.trim() !== ""))(
    "refuses %j", (text) => expect(parsePorts(text, "udp")).toBeUndefined());

  it("leaves bounds to the document's rules, which name the field", () => {
    expect(parsePorts("0", "tcp")).toEqual({ from: 0, to: 0 });
    expect(parsePorts("90-80", "tcp")).toEqual({ from: 90, to: 80 });
    expect(parsePorts("65536", "tcp")).toEqual({ from: 65536, to: 65536 });
  });

  it("icmp and all have none", () => {
    expect(parsePorts("80", "icmp")).toBeNull();
    expect(parsePorts("80", "all")).toBeNull();
  });

  it("reads what it writes", () => {
    for (const ports of [null, { from: 1, to: 1 }, { from: 1024, to: 65535 }]) expect(parsePorts(portsText(ports), "tcp")).toEqual(ports);
  });
});

describe("a rule of a security group", () => {
  const rule = (peer: SecurityGroupRule["peer"]): SecurityGroupRule => ({ id: "sgr-000000000001", direction: "ingress", protocol: "tcp", ports: { from: 22, to: 22 }, peer, description: "" });
  const peerOf = (peer: string, before: SecurityGroupRule | null = null) => {
    const parsed = groupForm.parse({ ...groupForm.fresh, peer }, before);
    return parsed.ok ? parsed.row.peer : parsed.errors.peer;
  };

  it("names a prefix or a group of this or a peered VPC in one field", () => {
    expect(peerOf("10.0.0.0/16")).toEqual({ cidr: "10.0.0.0/16" });
    expect(peerOf("web")).toEqual({ securityGroupId: "sg-00000000000a" });
    expect(peerOf("vpc2/web")).toEqual({ securityGroupId: "sg-00000000000b" });
  });

  it.each(["", "nobody", "vpc1/web", "example.com", "0x0a000001/8", "::/0"])("refuses %j as a peer, beside the field", (text) => expect(peerOf(text)).toMatch(/CIDR/));

  it("keeps a stale reference as it is while something else is edited", () => {
    const stale = rule({ goneSecurityGroupId: "sg-00000000dead" });
    const texts = groupForm.textsOf(stale);
    expect(texts.peer).toBe("sg-00000000dead (deleted)");
    expect(groupForm.parse({ ...texts, description: "old" }, stale)).toEqual({ ok: true, row: { ...stale, description: "old" } });
  });

  it("keeps its id, and a new one gets one of its own", () => {
    const before = rule({ cidr: "0.0.0.0/0" });
    expect(groupForm.parse(groupForm.textsOf(before), before)).toEqual({ ok: true, row: before });
    const made = groupForm.parse({ ...groupForm.fresh, peer: "web" }, null);
    expect(made.ok && made.row.id).toMatch(/^sgr-[0-9a-f]{12}$/);
  });

  it("loses its ports with its protocol", () => {
    const before = rule({ cidr: "0.0.0.0/0" });
    const parsed = groupForm.parse({ ...groupForm.textsOf(before), protocol: "icmp" }, before);
    expect(parsed).toMatchObject({ ok: true, row: { protocol: "icmp", ports: null } });
  });
});

describe("an entry of a network ACL", () => {
  const entry = (number: number, direction: NetworkAclEntry["direction"] = "ingress"): NetworkAclEntry => ({ direction, number, action: "allow", protocol: "all", ports: null, cidr: "0.0.0.0/0" });

  it("is offered the next hundred of its own direction", () => {
    expect(nextEntryNumber("ingress", [])).toBe(100);
    expect(nextEntryNumber("ingress", [entry(100), entry(150), entry(900, "egress")])).toBe(200);
    expect(nextEntryNumber("ingress", [entry(32766), entry(1)])).toBe(2);
  });

  it.each(["0", "-1", "1.5", "abc", "", "0100", "1e3"])("refuses the number %j beside the field", (number) => {
    const form = aclEntryForm("ingress", []);
    const parsed = form.parse({ ...form.fresh, number }, null);
    expect(parsed).toMatchObject({ ok: false, errors: { number: expect.stringContaining("32766") } });
  });

  it("stands in the order of judgement, ingress first", () => {
    expect(sortedEntries([entry(5, "egress"), entry(20), entry(3)]).map(({ direction, number }) => `${direction} ${number}`)).toEqual(["ingress 3", "ingress 20", "egress 5"]);
  });
});

describe("a rule of a firewall", () => {
  const form = firewallRuleForm("egress");
  const rule = (port: number, direction: "ingress" | "egress" = "ingress"): FirewallRule =>
    ({ direction, action: "deny", protocol: "tcp", ports: { from: port, to: port }, cidr: "10.0.0.0/8", description: "old" });

  it("reads a rule back as it was", () => expect(form.parse(form.textsOf(rule(22, "egress")), rule(22, "egress"))).toEqual({ ok: true, row: rule(22, "egress") }));

  it("refuses ports that are none beside the field", () => expect(form.parse({ ...form.fresh, ports: "ssh" }, null)).toMatchObject({ ok: false, errors: { ports: expect.any(String) } }));

  it("changes places with its neighbours, and with nothing beyond the ends", () => {
    expect(moved(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], 1, 1)).toEqual(["a", "c", "b"]);
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  });

  it("stands with its direction, ingress first", () => {
    const firewall = { defaults: { ingress: "deny", egress: "allow" } as const, rules: [rule(1, "egress"), rule(2)] };
    expect(withRules(firewall, "ingress", [rule(3), rule(2)])).toEqual([rule(3), rule(2), rule(1, "egress")]);
    expect(withRules(firewall, "egress", [])).toEqual([rule(2)]);
  });

  it("gets its refusal by the way to its list", () => {
    const issue: Issue = { severity: "error", code: "CIDR_SYNTAX", path: ["subnets", 4, "firewall", "rules", 1, "cidr"], message: "no prefix", objectId: "subnet-1" };
    const place = { objectId: "subnet-1", field: ["firewall", "rules"], rowIndex: 1 };
    expect(rowErrorsOf([issue], place, form.columns)).toEqual({ cidr: "no prefix" });
    expect(rowErrorsOf([issue], { ...place, rowIndex: 0 }, form.columns)).toEqual({ [WHOLE_ROW]: "no prefix" });
  });
});

describe("routes and published ports", () => {
  const form = routeForm([{ value: "internet-gateway igw-00000000000a", label: "vpc1-igw" }]);

  it("reads a route back as it was, also one whose target is gone", () => {
    for (const route of [
      { destination: "0.0.0.0/0", target: { kind: "internet-gateway", id: "igw-00000000000a" } },
      { destination: "10.9.0.0/16", target: { kind: "gone", id: "pcx-00000000000b" } },
    ] as const) {
      expect(form.parse(form.textsOf(route), route)).toEqual({ ok: true, row: route });
    }
    const column = form.columns.find(({ key }) => key === "target")!;
    expect(column.options?.({ target: "gone pcx-00000000000b" }).at(-1)).toEqual({ value: "gone pcx-00000000000b", label: "pcx-00000000000b (deleted)" });
    expect(column.options?.({ target: "internet-gateway igw-00000000000a" })).toHaveLength(1);
  });

  it("does not take a route without a target", () => expect(routeForm([]).parse({ destination: "0.0.0.0/0", target: "" }, null)).toMatchObject({ ok: false, errors: { target: expect.any(String) } }));

  it("names each port that is none", () => {
    expect(PUBLISHED_PORT_FORM.parse({ protocol: "tcp", hostPort: "http", port: "080" }, null)).toMatchObject({ ok: false, errors: { hostPort: expect.any(String), port: expect.any(String) } });
    expect(PUBLISHED_PORT_FORM.parse({ protocol: "udp", hostPort: "5353", port: "53" }, null)).toEqual({ ok: true, row: { protocol: "udp", hostPort: 5353, port: 53 } });
  });
});

describe("a refusal finds its cell", () => {
  const place = { objectId: "sg-1", field: "rules", rowIndex: 2 };
  const issue = (path: Issue["path"], objectId = "sg-1"): Issue => ({ severity: "error", code: "PORT_RANGE", path, message: path.join("/"), objectId });

  it("by its path", () => expect(rowErrorsOf([issue(["securityGroups", 0, "rules", 2, "ports", "to"])], place, groupForm.columns)).toEqual({ ports: "securityGroups/0/rules/2/ports/to" }));

  it.each([
    issue(["securityGroups", 0, "rules", 1, "ports"]), issue(["securityGroups", 0, "rules"]), issue(["securityGroups", 1, "rules", 2, "ports"], "sg-2"), issue(["instances", 0, "address"], "i-1"),
  ])("or stands under the row as a whole", (other) => expect(Object.keys(rowErrorsOf([other], place, groupForm.columns))).toEqual([WHOLE_ROW]));
});
