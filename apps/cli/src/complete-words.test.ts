import { describe, expect, it } from "vitest";
import { outlineOf } from "./command-outline";
import { completeWords } from "./complete-words";
import { readEnvironment } from "./env";
import { buildProgram } from "./program";

const program = outlineOf(buildProgram([], readEnvironment({}), process, () => {}));
const words = (...line: string[]): string[] => completeWords(program, line).words.map(({ word }) => word);
const wants = (...line: string[]): string | null => completeWords(program, line).wants;

describe("completion", () => {
  it("knows nouns and verbs, and no hidden ones", () => {
    expect(words("")).toEqual(expect.arrayContaining(["vpc", "inspect", "test", "matrix", "purge"]));
    expect(words("").filter((word) => word.startsWith("__"))).toEqual([]);
    expect(words("show", "")).toContain("linux");
    expect(words("--local", "-t", "lab2", "show", "")).toContain("linux");
  });

  it("knows a command's options and the global ones, each once", () => {
    const options = words("test", "a", "b", "--");
    expect(options).toEqual(expect.arrayContaining(["--http", "--expect", "--local", "--json"]));
    expect(new Set(options).size).toBe(options.length);
  });

  it.each([
    [["test", ""], "from"], [["test", "prod/a", ""], "to"], [["matrix", "a", "b", ""], "instances"], [["inspect", ""], "vpc"], [["exec", ""], "words"],
    [["inspect", "--vpc", ""], "vpc"], [["list", "-t", ""], "name"], [["show", "linux", ""], "object"], [["exec", "web", "--", ""], null], [["version", ""], null],
  ] as const)("%j wants %s", (line, kind) => expect(wants(...line)).toBe(kind));

  it("knows the choices of a value", () => {
    expect(words("test", "--expect", "")).toEqual(["reachable", "blocked"]);
    expect(words("list", "--mode", "")).toEqual(["sandbox", "host", "rootless"]);
  });
});
