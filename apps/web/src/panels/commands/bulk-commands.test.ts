import { describe, expect, it } from "vitest";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { sceneOf } from "../../canvas/scene/scene";
import { bulkCommands } from "./bulk-commands";

const scene = sceneOf(twoVpcLab(), {});
const subnet = scene.document.subnets.find(({ cidr }) => cidr === "10.0.2.0/24")!;
const offered = (query: string, selection: readonly string[] = []) => bulkCommands(scene, new Set(selection), query, () => undefined).map(({ label, refusal }) => [label, refusal]);

describe("add 10 instances", () => {
  it("means the selected subnet, or that of the selected instance", () => {
    expect(offered("add 10 instances", [subnet.id])).toEqual([["Add 10 instances to vpc1/private", undefined]]);
    const [main] = scene.index.instancesOfSubnet(subnet.id);
    expect(offered("10 instances", [main!.id])).toEqual([["Add 10 instances to vpc1/private", undefined]]);
  });

  it("offers all subnets where none is selected, and the named one where one is named", () => {
    expect(offered("add 3 instances")).toHaveLength(3);
    expect(offered("add 3 instances to vpc2/public", [subnet.id])).toEqual([["Add 3 instances to vpc2/public", undefined]]);
    expect(offered("add 1 instance in priv")).toEqual([["Add 1 instance to vpc1/private", undefined]]);
  });

  it("says where there is no room", () => {
    expect(offered("add 300 instances", [subnet.id])).toEqual([["Add 300 instances to vpc1/private", "vpc1/private has room for 252 more."]]);
  });

  it.each(["8080", "10.0.1.2", "add instances", "vpc1", ""])("%j is no such wish", (query) => expect(offered(query)).toEqual([]));

  it("calls for the subnet and the number", () => {
    const asked: unknown[] = [];
    bulkCommands(scene, new Set([subnet.id]), "add 7 instances", (...args) => asked.push(args))[0]!.run();
    expect(asked).toEqual([[subnet.id, 7]]);
  });
});
