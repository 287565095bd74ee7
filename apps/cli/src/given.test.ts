import { describe, expect, it } from "vitest";
import { Given } from "./given";

describe("what a command was given", () => {
  const given = new Given(["prod", undefined, ["a", "b"]], { cidr: "10.0.0.0/16", dns: false, port: "80", many: ["x"] });

  it("by position, by name, or either", () => {
    expect([given.arg(0), given.arg(1), given.rest(2), given.rest(1)]).toEqual(["prod", null, ["a", "b"], []]);
    expect([given.option("cidr"), given.option("none"), given.flag("dns"), given.flag("none"), given.list("many"), given.list("cidr")])
      .toEqual(["10.0.0.0/16", null, false, null, ["x"], ["10.0.0.0/16"]]);
    expect([given.either(1, "cidr"), given.either(0, "name"), given.need(0, "name")]).toEqual(["10.0.0.0/16", "prod", "prod"]);
  });

  it("several arguments as options, in their order; one alone stays an argument", () => {
    const NAMES = ["vpc", "name", "cidr"];
    const three = new Given(["prod", "web", undefined], { cidr: "10.0.1.0/24" }).asOptions(NAMES);
    expect([three.arg(0), three.option("vpc"), three.option("name"), three.option("cidr")]).toEqual([null, "prod", "web", "10.0.1.0/24"]);
    expect(new Given(["web", undefined], { vpc: "prod" }).asOptions(NAMES).arg(0)).toBe("web");
    expect(() => new Given(["prod", "web", "a", "b"], {}).asOptions(NAMES)).toThrow("“b” is too much");
    expect(() => new Given(["prod", "web"], { vpc: "dev" }).asOptions(NAMES)).toThrow("give one of them");
  });

  it("refuses what contradicts itself, and what is missing", () => {
    expect(() => given.either(0, "cidr")).toThrow("give one of them");
    expect(() => given.need(1, "internetInterface")).toThrow("--internet-interface");
    expect(() => given.needOption("wan")).toThrow("missing: --wan");
  });

  it.each(["", "-1", "0", "65536", "8o", "1e3", " 80", "99999999999"])("refuses the number %j", (text) => {
    expect(() => new Given([], { port: text }).number("port", 1, 65535)).toThrow("whole number from 1 to 65535");
  });

  it("reads a number", () => expect(given.number("port", 1, 65535)).toBe(80));
});
