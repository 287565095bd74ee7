import type { AuditHead } from "@vpclab/shared/wire/audit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AgentLab } from "../test/link/agent-lab";
import { LAB } from "../test/link/job-fixture";

describe("an agent as a witness of the server's audit log", () => {
  let lab: AgentLab;
  beforeEach(async () => { lab = await AgentLab.start(); });
  afterEach(() => lab.close());
  const head = (sequence: number, digit = "a"): AuditHead => ({ sequence, hash: digit.repeat(64) });
  const told = () => lab.server.ofType("inventory").at(-1)?.auditHeads;
  const alarms = () => lab.log.lines.filter((line) => line.includes("AUDIT_CHAIN"));

  it("keeps the ends that accepted jobs show, and tells of them at the next connection, also after a restart", async () => {
    expect(told()).toEqual([]);
    await lab.apply(LAB, { auditHead: head(5) });
    await lab.apply(LAB, { auditHead: head(9) });
    await lab.restart();
    expect(told()).toEqual([head(5), head(9)]);
    expect(alarms()).toEqual([]);
  });

  it("keeps nothing of a job that it does not accept", async () => {
    expect(await lab.apply(LAB, { auditHead: head(5), topologyName: "no name" })).toMatchObject({ type: "job-refused" });
    await lab.restart();
    expect(told()).toEqual([]);
  });

  it.each<[string, AuditHead]>([["goes back", head(4)], ["has another entry in its place", head(5, "b")]])("shouts when the log %s, and still obeys", async (_, wrong) => {
    await lab.apply(LAB, { auditHead: head(5) });
    expect(await lab.apply(LAB, { auditHead: wrong })).toMatchObject({ type: "job-done" });
    expect(alarms()).toEqual([expect.stringMatching(/^error SECURITY AUDIT_CHAIN/)]);
    await lab.restart();
    expect(told()).toEqual([head(5)]);
  });

  it("obeys jobs without one: of an older server, and of this host itself", async () => {
    expect(await lab.apply(LAB)).toMatchObject({ type: "job-done" });
    expect(alarms()).toEqual([]);
  });
});
