import { describe, expect, it } from "vitest";
import { Given } from "../given";
import { targetAndCommand } from "./exec";

const words = (list: string[], options: Record<string, unknown> = {}) => targetAndCommand(new Given([list], options));

describe("exec", () => {
  it.each([
    [["web", "--", "ls", "-l"], {}, "web", ["ls", "-l"]],
    [["web", "ls", "-l"], {}, "web", ["ls", "-l"]],
    [["web", "--", "sh", "--", "x"], {}, "web", ["sh", "--", "x"]],
    [["ls", "-l"], { vpc: "prod", subnet: "public" }, "prod/public", ["ls", "-l"]],
    [["ls"], { vpc: "prod", subnet: "prod/public" }, "prod/public", ["ls"]],
    [["ls"], { subnet: "public" }, "public", ["ls"]],
  ] as const)("%j %j", (list, options, target, command) => expect(words([...list], options)).toEqual({ target, command }));

  it("wants an instance and a command", () => {
    expect(() => words([])).toThrow("which instance?");
    expect(() => words(["web"])).toThrow("which command?");
    expect(() => words(["web", "--"])).toThrow("which command?");
    expect(() => words(["ls"], { vpc: "prod" })).toThrow("--subnet");
  });
});
