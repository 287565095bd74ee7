import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { childrenOf, identify, isAlive, signalProcess, waitUntilGone } from "../../scripts/lib/process-identity.mjs";

const sleeper = () => spawn("sleep", ["60"], { stdio: "ignore" });

describe("a process is known by pid and start time", () => {
  it("signals the very process that was recorded", async () => {
    const child = sleeper();
    const identity = identify(child.pid as number);
    expect(isAlive(identity)).toBe(true);
    expect(childrenOf(process.pid)).toContain(child.pid);
    expect(signalProcess(identity, "SIGTERM")).toBe(true);
    expect(await waitUntilGone(identity, 5000)).toBe(true);
    expect(signalProcess(identity, "SIGTERM")).toBe(false);
  });

  it("never touches another process that got the same pid, nor one of an earlier boot", async () => {
    const child = sleeper();
    const identity = identify(child.pid as number);
    expect(signalProcess({ ...identity, startTime: "1" }, "SIGKILL")).toBe(false);
    expect(signalProcess({ ...identity, bootId: "another boot" }, "SIGKILL")).toBe(false);
    expect(isAlive(identity)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "close");
  });
});
