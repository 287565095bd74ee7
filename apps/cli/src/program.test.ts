import { describe, expect, it } from "vitest";
import { outlineOf, type CommandOutline } from "./command-outline";
import { readEnvironment } from "./env";
import { buildProgram, runProgram } from "./program";

const ENV = readEnvironment({ VPCLAB_AGENT_DIST: "/nonexistent" });

async function vpcctl(...args: string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const streams = { stdout: { write: (text: string) => stdout.push(text) }, stderr: { write: (text: string) => stderr.push(text) } };
  const code = await runProgram(args, ENV, streams);
  return { code, stdout: stdout.join(""), stderr: stderr.join("") };
}

const outline = outlineOf(buildProgram([], ENV, process, () => {}));

/** Every command that can be called, as words: `vpc create`. */
function callable(command: CommandOutline, path: readonly string[]): string[][] {
  if (command.commands.length === 0) return [[...path]];
  return command.commands.filter(({ hidden }) => !hidden).flatMap((sub) => callable(sub, [...path, sub.names[0] ?? ""]));
}

describe("help", () => {
  it("of the program names exit codes, the choice of place and examples", async () => {
    const { code, stdout, stderr } = await vpcctl("--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const part of ["Exit codes", "VPCCTL_SERVER", "Examples:"]) expect(stdout).toContain(part);
  });

  it.each(callable(outline, []).filter((path) => path[0] !== "help").map((path) => path.join(" ")))("of %s has an example of itself", async (path) => {
    const { code, stdout } = await vpcctl(...path.split(" "), "--help");
    expect(code).toBe(0);
    const examples = (stdout.split("\nExamples:\n")[1] ?? "").split("\n").filter((line) => line.startsWith("  vpcctl "));
    expect(examples.some((line) => line.includes(` ${path}`)), stdout).toBe(true);
  });
});

describe("wrong usage ends with 2, says what was meant and prints nothing on standard output", () => {
  it.each([
    [["lst"], "Did you mean one of list, ls?"],
    [["vrsion"], "Did you mean version?"],
    [["list", "--jsn"], "Did you mean --json?"],
    [["list", "extra"], "too many arguments"],
    [["inspect", "--vcp", "x"], "Did you mean --vpc?"],
    [["test", "a"], "missing required argument 'to'"],
    [["watch", "--count", "many"], "no whole number"],
    [["completion", "tcsh"], "bash, zsh, fish"],
    [["list", "--local", "--server", "http://x"], "cannot be used with"],
    [["--local", "list", "--server", "http://x"], "exclude each other"],
    [["--mode", "cloud", "list"], "sandbox, host, rootless"],
    [["list", "--local", "--uplink", "eth0; reboot"], "no name of an interface"],
    [["purge", "--server", "http://x"], "leave --server out"],
    [["exec"], "which instance?"],
    [[], "Usage: vpcctl"],
    [["show"], "Usage: vpcctl show"],
  ] as const)("vpcctl %j", async (args, said) => {
    const { code, stdout, stderr } = await vpcctl(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
  });

  it("as one JSON value on standard error with --json", async () => {
    const { stdout, stderr } = await vpcctl("--json", "lst");
    expect(stdout).toBe("");
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "USAGE", message: expect.stringContaining("lst") } });
  });
});

describe("global options", () => {
  it.each([[["--json", "version"]], [["version", "--json"]]])("stand before or after the command: %j", async (args) => {
    expect(JSON.parse((await vpcctl(...args)).stdout)).toHaveProperty("vpcctl");
  });

  it("say what is missing of the agent, and where it was looked for", async () => {
    const { code, stderr } = await vpcctl("list", "--local");
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("/nonexistent/local.mjs") });
  });
});
