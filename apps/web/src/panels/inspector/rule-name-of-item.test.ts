import { describe, expect, it } from "vitest";
import { firewallDefaultName, firewallRuleName } from "@vpclab/shared/plan/rule-names";
import { fullLab, named } from "@vpclab/shared/testing/full-lab";
import { objectFacts } from "@vpclab/shared/topology/object-facts";
import type { Subnet } from "@vpclab/shared/topology/topology";
import { ruleNameOfItem } from "./rule-name-of-item";

const lab = fullLab();
const names = (kind: Parameters<typeof ruleNameOfItem>[0], object: Parameters<typeof ruleNameOfItem>[1]) =>
  objectFacts(lab, object).items.map(({ key }) => ruleNameOfItem(kind, object, key));

describe("the counter behind a rule in words", () => {
  it("of a group's rules is their own id", () => {
    for (const group of lab.securityGroups) expect(names("security-group", group)).toEqual(group.rules.map(({ id }) => id));
  });

  it("of an ACL's entries names direction and number", () => {
    const acl = named(lab.networkAcls, "edge");
    expect(names("network-acl", acl)).toEqual(acl.entries.map(({ direction, number }) => `${acl.id}-${direction === "ingress" ? "in" : "out"}-${number}`));
  });

  it("of a firewall is the rule's, wherever it stands among those of the other direction", () => {
    const rule = (direction: "ingress" | "egress", port: number) => ({ direction, action: "allow" as const, protocol: "tcp" as const, ports: { from: port, to: port }, cidr: "0.0.0.0/0", description: "" });
    const rules = [rule("egress", 1), rule("ingress", 2), rule("egress", 3), rule("ingress", 4)];
    const subnet: Subnet = { ...lab.subnets[0]!, firewall: { defaults: { ingress: "deny", egress: "allow" }, rules } };
    expect(names("subnet", subnet)).toEqual([null, ...rules.map(firewallRuleName), firewallDefaultName("ingress"), firewallDefaultName("egress")]);
  });

  it("there is none of routes and ports", () => {
    for (const table of lab.routeTables) expect(names("route-table", table).filter((name) => name !== null)).toEqual([]);
  });
});
