import { describe, expect, it } from "vitest";
import type { Command, CommandResult, CommandRunner } from "../host/command-runner";
import { batchLine } from "./batch-line";
import type { Visit } from "./visit-namespaces";
import { failedLineOf, visitNamespaces } from "./visit-namespaces";

/** Stands for iproute2: prints the namespace of each line, stops at those named in `broken`. */
function iproute2(broken: readonly string[]): CommandRunner & { commands: Command[] } {
  const commands: Command[] = [];
  const tryRun = async (command: Command): Promise<CommandResult> => {
    commands.push(command);
    const names = (command.stdin ?? "").trim().split("\n").map((line) => line.split(" ")[2] ?? "");
    const at = names.findIndex((name) => broken.includes(name));
    if (at < 0) return { exitCode: 0, stdout: names.join(","), stderr: "" };
    return { exitCode: 1, stdout: names.slice(0, at).join(","), stderr: `no entry\nCommand failed -:${at + 1}\nCommand failed -:${at + 1}\n` };
  };
  return { commands, tryRun, run: tryRun, start: () => Promise.reject(new Error("not here")) };
}

const visits = (...names: string[]): Visit[] => names.map((namespace) => ({ namespace, argv: ["true"] }));
const namesOf = (list: readonly Visit[]) => list.map((visit) => visit.namespace).sort();

describe("visiting namespaces", () => {
  it("takes no more processes than cores", async () => {
    const runner = iproute2([]);
    const report = await visitNamespaces(runner, visits(...Array.from({ length: 50 }, (_, index) => `n${index}`)));
    expect(runner.commands.length).toBeLessThanOrEqual(16);
    expect(report.runs.flatMap((run) => run.visits)).toHaveLength(50);
  });

  it("goes on behind a failure, and runs nothing twice", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
    const report = await visitNamespaces(iproute2(["n3", "n4", "n19"]), visits(...names));
    expect(namesOf(report.failures.map((failure) => failure.visit))).toEqual(["n19", "n3", "n4"]);
    expect(report.failures[0]?.stderr).toContain("no entry");
    const ran = report.runs.flatMap((run) => run.stdout.split(","));
    expect(ran.sort()).toEqual(names.filter((name) => !["n3", "n4", "n19"].includes(name)).sort());
  });

  it("does not visit anything when there is nothing to visit", async () => {
    const runner = iproute2([]);
    expect(await visitNamespaces(runner, [])).toEqual({ runs: [], failures: [] });
    expect(runner.commands).toEqual([]);
  });

  it("runs in the agent's own namespace without entering one", async () => {
    const runner = iproute2([]);
    await visitNamespaces(runner, [{ namespace: null, argv: ["nft", "-f", "x"] }]);
    expect(runner.commands).toMatchObject([{ file: "nft", args: ["-f", "x"] }]);
  });
});

describe("lines for ip -batch", () => {
  it("quote blanks", () => expect(batchLine(["sysctl", "a=0 1"])).toBe('sysctl "a=0 1"'));
  it.each(["a\nb", "a#b", "a\\", 'a"b', "a'b", ""])("refuse %j, which iproute2 would read as something else", (word) => {
    expect(() => batchLine(["netns", word])).toThrow(/cannot stand in an ip batch/);
  });
  it("know where iproute2 stopped", () => {
    expect(failedLineOf("RTNETLINK answers: File exists\nCommand failed /run/x/7:12\nCommand failed -:3\n", "/run/x/7")).toBe(12);
    expect(failedLineOf("Command failed /run/x/7:12\nCommand failed -:3\n", "-")).toBe(3);
    expect(failedLineOf("Segmentation fault\n", "-")).toBeNull();
  });
});
