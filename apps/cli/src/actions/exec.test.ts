import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { describe, expect, it } from "vitest";
import { Given } from "../given";
import { subnetByPosition, targetAndCommand } from "./exec";

const words = (list: string[], options: Record<string, unknown> = {}) => targetAndCommand(new Given([list], options));

describe("exec", () => {
  it.each([
    [["web", "--", "ls", "-l"], {}, "web", ["ls", "-l"]],
    [["web", "ls", "-l"], {}, "web", ["ls", "-l"]],
    [["web", "--", "sh", "--", "x"], {}, "web", ["sh", "--", "x"]],
    [["ls", "-l"], { vpc: "prod", subnet: "public" }, "prod/public", ["ls", "-l"]],
    [["ls"], { vpc: "prod", subnet: "prod/public" }, "prod/public", ["ls"]],
    [["ls"], { subnet: "public" }, "public", ["ls"]],
    [["ip route | wc -l"], { vpc: "prod", subnet: "public" }, "prod/public", ["sh", "-c", "ip route | wc -l"]],
  ] as const)("%j %j", (list, options, target, command) => expect(words([...list], options)).toMatchObject({ target, command }));

  it("a VPC and a subnet by position name an instance, too, with a program or a line for a shell", () => {
    const doc = twoVpcLab();
    const [vpc] = doc.vpcs;
    const subnet = doc.subnets.find(({ vpcId }) => vpcId === vpc?.id);
    const [v, s] = [vpc?.name ?? "", subnet?.name ?? ""];
    const by = (...list: string[]) => subnetByPosition(doc, words(list));
    expect(by(v, s, "ip", "route")).toEqual({ target: `${v}/${s}`, command: ["ip", "route"] });
    expect(by(v, s, "--", "ip", "route")).toEqual({ target: `${v}/${s}`, command: ["ip", "route"] });
    expect(by(v, s, "ip route; ip rule")).toEqual({ target: `${v}/${s}`, command: ["sh", "-c", "ip route; ip rule"] });
    expect(() => by(v, s)).toThrow("which command?");
    expect(by(v, "--", s, "x"), "behind -- stands a program").toBeNull();
    expect(by(v, "ip", "route"), "a program in the VPC's router").toBeNull();
  });

  it("wants an instance and a command", () => {
    expect(() => words([])).toThrow("which instance?");
    expect(() => words(["web"])).toThrow("which command?");
    expect(() => words(["web", "--"])).toThrow("which command?");
    expect(() => words(["ls"], { vpc: "prod" })).toThrow("--subnet");
  });
});
