import { closeSync, openSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CommandError, reasonFrom } from "./command-error";
import { limit } from "./limit";
import { createCommandRunner } from "./run-command";

const runner = createCommandRunner();
const fails = async (promise: Promise<unknown>): Promise<CommandError> => {
  const error: unknown = await promise.then(() => null, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CommandError);
  return error as CommandError;
};

describe("a process", () => {
  it("gets its arguments as they are, an environment of two, and a neutral directory", async () => {
    expect((await runner.run({ file: "printf", args: ["%s|", "a b", "$HOME", "; id"] })).stdout).toBe("a b|$HOME|; id|");
    expect((await runner.run({ file: "env", args: [] })).stdout.split("\n").filter((line) => line !== "").sort())
      .toEqual(["LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]);
    expect((await runner.run({ file: "pwd", args: [] })).stdout).toBe("/\n");
  });
  it("reads text from standard input when there is some, and an empty one when not", async () => {
    expect((await runner.run({ file: "cat", args: [], stdin: "x\n" })).stdout).toBe("x\n");
    expect((await runner.run({ file: "cat", args: [] })).stdout).toBe("");
  });
  it("that fails is reported in its own words", async () => {
    const error = await fails(runner.run({ file: "cat", args: ["/no/such/file"] }));
    expect(error).toMatchObject({ code: "COMMAND_FAILED", exitCode: 1, reason: "cat: /no/such/file: No such file or directory" });
    expect(await runner.tryRun({ file: "cat", args: ["/no/such/file"] })).toMatchObject({ exitCode: 1 });
  });
  it("is one of the machine's own folders, whatever lies in the agent's", async () => {
    expect((await runner.run({ file: "readlink", args: ["/proc/self/exe"] })).stdout).toBe("/usr/bin/readlink\n");
  });
  it("that is not installed is reported with the package to install", async () => {
    expect((await fails(runner.tryRun({ file: "no-such-program-here", args: [] }))).message).toMatch(/not installed.*apt-get install no-such-program-here/);
  });
  it("that does not end is stopped", async () => {
    expect((await fails(runner.tryRun({ file: "sleep", args: ["60"], timeoutMs: 50 }))).reason).toBe("did not end within 0.05 s and was stopped");
  });
  it("that hears no signal is killed; one that leaves somebody behind with its output is not waited for", async () => {
    const startedAt = performance.now();
    const script = 'trap "" TERM; sleep 77 & sleep 77';
    const deaf = await fails(runner.tryRun({ file: "sh", args: ["-c", 'trap "" TERM; exec sleep 78'], timeoutMs: 100 }));
    expect(deaf.reason).toBe("did not end within 0.1 s and was stopped");
    const { reason } = await fails(runner.tryRun({ file: "sh", args: ["-c", script], timeoutMs: 100 }));
    expect(reason).toBe("did not end within 0.1 s and could not be stopped, or left somebody behind who holds its output");
    expect(performance.now() - startedAt).toBeLessThan(60_000);
    expect((await runner.run({ file: "echo", args: ["next"] })).stdout).toBe("next\n");
  }, 120_000);
  it("gets no descriptor that the agent has open", async () => {
    const secret = openSync("/etc/hostname", "r");
    const { stdout } = await runner.run({ file: "ls", args: ["-l", "/proc/self/fd"] });
    closeSync(secret);
    expect(stdout).not.toContain("/etc/hostname");
  });
});

describe("a limit", () => {
  it("holds, whatever becomes of the tasks", async () => {
    const limited = limit(2);
    let running = 0;
    let most = 0;
    const task = (index: number) => limited(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (index % 3 === 0) throw new Error("no");
      return index;
    });
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => task(index)));
    expect(most).toBe(2);
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(13);
  });
});

describe("a reason", () => {
  it("is one bounded line without nft's carets", () => {
    expect(reasonFrom("Error: No such file\nadd rule x\n    ^^^^\n", "-")).toBe("Error: No such file; add rule x");
    expect(reasonFrom("\n", "exit code 3")).toBe("exit code 3");
    expect(reasonFrom("x".repeat(10_000), "-")).toHaveLength(500);
  });
});
