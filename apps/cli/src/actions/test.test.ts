import { describe, expect, it } from "vitest";
import { Given } from "../given";
import { cameOut, probeKind } from "./test";

describe("what a test asks", () => {
  it.each([
    [{}, { kind: "ping", port: null }], [{ ping: true }, { kind: "ping", port: null }], [{ tcp: "80" }, { kind: "tcp", port: 80 }],
    [{ udp: "53" }, { kind: "udp", port: 53 }], [{ http: "8080" }, { kind: "http", port: 8080 }],
  ])("%j", (options, asked) => expect(probeKind(new Given([], options))).toEqual(asked));

  it("one thing at a time", () => expect(() => probeKind(new Given([], { tcp: "80", ping: true }))).toThrow("one test at a time"));
});

describe("what its exit code says", () => {
  it.each([
    ["reached", null, true], ["refused", null, false], ["timeout", null, false],
    ["reached", "reachable", true], ["refused", "reachable", true], ["timeout", "reachable", false],
    ["reached", "blocked", false], ["refused", "blocked", false], ["timeout", "blocked", true],
  ] as const)("%s, expected %s: %s", (outcome, expected, passed) => expect(cameOut(outcome, expected)).toBe(passed));
});
