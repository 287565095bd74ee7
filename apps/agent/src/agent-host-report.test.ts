import { afterEach, describe, expect, it } from "vitest";
import { AgentLab } from "../test/link/agent-lab";
import { HostCheckList } from "./report/host-checks";

const CHECK = { name: "nft", ok: true, found: "nftables v1.0.6", advice: null };

describe("an agent that is connected", () => {
  let lab: AgentLab | null = null;
  afterEach(() => lab?.close());

  it("tells how busy its host is and what it has, after each welcome, and looks once", async () => {
    let looks = 0;
    lab = await AgentLab.start({ checks: new HostCheckList(() => (looks += 1, Promise.resolve([CHECK]))) });
    const { server } = lab;
    const told = () => [server.ofType("load").length, server.ofType("checks").length];
    await server.until(() => told().every((count) => count === 1));
    const { load } = server.ofType("load")[0]!;
    expect(load.cores).toBeGreaterThan(0);
    expect(load.memoryBytes).toBeGreaterThanOrEqual(load.memoryAvailableBytes);
    expect(server.ofType("checks")[0]?.checks).toEqual([CHECK]);
    server.cut();
    await server.until(() => told().every((count) => count === 2));
    expect(looks).toBe(1);
  });

  it("looks anew when the server asks by a signed job, and answers that job", async () => {
    let looks = 0;
    lab = await AgentLab.start({ checks: new HostCheckList(() => (looks += 1, Promise.resolve([{ ...CHECK, found: `look ${looks}` }]))) });
    const { server } = lab;
    await server.until(() => server.ofType("checks").length === 1);
    server.sendJob((common) => ({ ...common, v: 1, kind: "checks", jobId: "job-look", actor: { userId: "u", name: "ann", role: "admin" } }));
    await server.until(() => server.ofType("checks").length === 2);
    expect(server.ofType("checks")[1]).toMatchObject({ jobId: "job-look", checks: [{ found: "look 2" }] });
    expect(lab.kernel.log).toEqual([]);
  });

  it("goes on without it when it cannot look, and looks again the next time", async () => {
    let looks = 0;
    const checks = new HostCheckList(() => (looks += 1, looks === 1 ? Promise.reject(new Error("no room")) : Promise.resolve([CHECK])));
    lab = await AgentLab.start({ checks });
    await lab.server.until(() => looks === 1);
    lab.server.cut();
    await lab.server.until(() => lab!.server.ofType("checks").length === 1);
    expect(lab.log.lines.filter((line) => line.startsWith("error could not find out what this system has"))).toHaveLength(1);
  });

  it("sends no more than the server takes", async () => {
    const checks = new HostCheckList(() => Promise.resolve(Array.from({ length: 100 }, (_, i) => ({ name: `${i}`.repeat(100), ok: false, found: "x".repeat(5000), advice: "y".repeat(5000) }))));
    lab = await AgentLab.start({ checks });
    await lab.server.until(() => lab!.server.ofType("checks").length === 1);
    const rows = lab.server.ofType("checks")[0]!.checks;
    expect([rows.length, Math.max(...rows.map(({ found }) => found.length))]).toEqual([64, 2000]);
  });
});
