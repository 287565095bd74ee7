import { AppError } from "@vpclab/shared/errors/app-error";
import { describe, expect, it } from "vitest";
import { CallLimits } from "./call-limits";

const [ada, bob] = ["ada", "bob"].map((id) => ({ id, role: "admin" as const })) as [{ id: string; role: "admin" }, { id: string; role: "admin" }];

describe("calls of one user within a minute", () => {
  let now = 0;
  /** Null when the call was let in, otherwise the refusal. */
  const ask = (limits: CallLimits, actor: typeof ada, path: string): AppError | null => {
    try {
      limits.admit(actor, path);
      return null;
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
  };
  const many = (limits: CallLimits, actor: typeof ada, path: string, times: number) =>
    Array.from({ length: times }, () => ask(limits, actor, path)).filter((refused) => refused === null).length;

  it.each([["deployment.applyNewest", 300], ["deployment.teardown", 300], ["probe.run", 900], ["topology.create", 3600], ["topology.save", 27_000]])("%s: at most %i", (path, most) => {
    expect(many(new CallLimits(() => now), ada, path, most + 50)).toBe(most);
  });

  it("count for the user alone, and for applies and teardowns together", () => {
    const limits = new CallLimits(() => now);
    expect(many(limits, ada, "deployment.applyNewest", 300)).toBe(300);
    expect(ask(limits, ada, "deployment.teardown")?.code).toBe("RATE_LIMITED");
    expect(ask(limits, ada, "probe.run")).toBeNull();
    expect(ask(limits, bob, "deployment.applyNewest")).toBeNull();
  });

  it("come back evenly, and the refusal says after how many seconds", () => {
    now = 1_000;
    const limits = new CallLimits(() => now);
    many(limits, ada, "deployment.applyNewest", 300);
    const refused = ask(limits, ada, "deployment.applyNewest");
    expect(refused?.toWire()).toEqual({ code: "RATE_LIMITED", publicMessage: "At most 300 applies and teardowns within a minute. Try again in a second.", retryAfterS: 1 });
    now += (refused?.retryAfterS ?? 0) * 1_000;
    expect(many(limits, ada, "deployment.applyNewest", 50)).toBe(5);
    now += 3_600_000;
    expect(many(limits, ada, "deployment.applyNewest", 1_000)).toBe(300);
  });

  it("a measurement counts as so many flows, and one that is too long takes nothing", () => {
    const limits = new CallLimits(() => now);
    const student = { id: "eve", role: "student" as const };
    const flows = (count: number) => () => limits.admitFlows(student, count);
    for (let taken = 0; taken < 7; taken++) expect(flows(256)).not.toThrow();
    expect(flows(256)).toThrow("At most 2000 measured flows within a minute. Try again in 2 seconds.");
    expect(flows(208)).not.toThrow();
    expect(flows(1)).toThrow("measured flows");
    expect(() => limits.admit(student, "probe.run")).not.toThrow();
  });

  it("are forgotten when they do not matter any more, and only then", () => {
    const limits = new CallLimits(() => now);
    many(limits, ada, "deployment.applyNewest", 300);
    for (let user = 0; user < 5_000; user++) {
      ask(limits, { id: `user ${user}`, role: "admin" }, "auth.me");
      now += 10;
    }
    expect(many(limits, ada, "deployment.applyNewest", 300)).toBeLessThan(300);
  });
});
