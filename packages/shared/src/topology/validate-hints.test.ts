import { describe, expect, it } from "vitest";
import { fullLab, named } from "../testing/full-lab";
import { applyEdit } from "./edit";
import type { EditCommand } from "./edit-command";
import { validateTopology } from "./validate";

const lab = fullLab();
const ofVpc1 = <T extends { vpcId: string; name: string }>(objects: readonly T[], name: string) =>
  named(objects.filter((object) => object.vpcId === named(lab.vpcs, "vpc1").id), name);
const hintsAfter = (command: EditCommand): string[] => {
  const edited = applyEdit(lab, command);
  if (!edited.ok) throw new Error(JSON.stringify(edited.error));
  const issues = validateTopology(edited.value.document);
  expect(issues.every((issue) => issue.severity === "warning" && issue.objectId !== undefined)).toBe(true);
  return issues.map((issue) => issue.code);
};
const subnet = ofVpc1(lab.subnets, "private");
const nat = named(lab.natGateways, "nat");
const peering = named(lab.peerings, "vpc1-vpc2");

describe("hints, never refusals", () => {
  it("a lab with one of everything has none", () => {
    expect(validateTopology(lab)).toEqual([]);
  });

  it.each<[string, EditCommand, string[]]>([
    ["public addresses in a private subnet", { op: "update", kind: "subnet", id: subnet.id, set: { autoAssignPublicAddress: true } }, ["NO_INTERNET_GATEWAY"]],
    ["a NAT gateway without an Elastic IP", { op: "delete", id: named(lab.elasticIps, "nat-eip").id }, ["NAT_NO_ADDRESS"]],
    ["a NAT gateway in a private subnet", { op: "update", kind: "nat-gateway", id: nat.id, set: { subnetId: subnet.id, address: "10.0.2.9" } }, ["NAT_NOT_PUBLIC"]],
    ["an Elastic IP in a private subnet", {
      op: "update", kind: "elastic-ip", id: named(lab.elasticIps, "web-eip").id,
      set: { target: { kind: "instance", id: lab.instances.find((instance) => instance.subnetId === subnet.id)?.id ?? "" } },
    }, ["EIP_UNREACHABLE"]],
    ["routes to a peering that waits", { op: "update", kind: "peering", id: peering.id, set: { status: "pending-acceptance" } }, Array<string>(4).fill("ROUTE_BLACKHOLE")],
    ["a peering with routes on one side", {
      op: "batch",
      commands: lab.routeTables.filter((table) => table.vpcId === named(lab.vpcs, "vpc2").id)
        .map((table) => ({ op: "update" as const, kind: "route-table" as const, id: table.id, set: { routes: table.routes.filter((route) => route.target.id !== peering.id) } })),
    }, ["ROUTE_ONE_SIDED"]],
  ])("%s", (_what, command, codes) => {
    expect(hintsAfter(command)).toEqual(codes);
  });
});
