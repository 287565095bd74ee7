import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { peeredLab, twoVpcLab } from "@vpclab/shared/testing/builders";
import { AgentLab } from "../test/link/agent-lab";
import { applyJob } from "../test/link/job-fixture";

afterAll(({}, file) => console.info(badInputCount("N", file)));

const DAY_MS = 86_400_000;
const DAYS = [["a day on", DAY_MS], ["a day back", -DAY_MS]] as const;
const LAB = twoVpcLab();

describe("an agent whose clock is set", () => {
  let lab: AgentLab;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    lab = await AgentLab.start();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await lab.close();
  });

  const setClock = (byMs: number): void => void vi.setSystemTime(Date.now() + byMs);
  const eth0 = () => lab.kernel.namespace("vpc1-public")!.links.find(({ name }) => name === "eth0")!;
  const connections = (): number => lab.server.ofType("inventory").length;

  it.each(DAYS)("%s while it applies, goes on to the end, and takes the next job", async (_, byMs) => {
    let steps = 0;
    lab.kernel.sabotage = () => {
      steps += 1;
      if (steps === 50) setClock(byMs);
      return null;
    };
    expect(await lab.apply(LAB)).toMatchObject({ deployment: { state: "in-place" } });
    expect(steps).toBeGreaterThan(50);
    expect(await lab.apply(peeredLab())).toMatchObject({ deployment: { state: "in-place" } });
    expect(connections()).toBe(1);
  });

  it.each([["six minutes", 6 * 60_000], ["a day", DAY_MS]])("%s ahead of the server's, refuses by the time and writes nothing; put right, takes the next job on the same connection", async (_, byMs) => {
    const serverMs = Date.now();
    setClock(byMs);
    lab.server.sendJob((common) => ({ ...applyJob({ jobId: "late", desired: LAB }), ...common, notAfter: serverMs }));
    await lab.server.until(() => lab.server.ofType("job-refused").length === 1);
    expect(lab.server.ofType("job-refused")[0]).toMatchObject({ jobId: "late", failure: { code: "EXPIRED", message: expect.stringContaining("by this host's clock") } });
    expect(lab.kernel.log).toEqual([]);
    setClock(-byMs);
    expect(await lab.apply(LAB)).toMatchObject({ deployment: { state: "in-place" } });
    expect(connections()).toBe(1);
  });

  it.each(DAYS)("%s, mends what is damaged with the same pauses, takes up its topologies again, and comes back to its server", async (_, byMs) => {
    await lab.apply(LAB);
    const damageAndLook = async (): Promise<boolean> => {
      eth0().up = false;
      await lab.look();
      return eth0().up;
    };
    expect(await damageAndLook()).toBe(true);
    setClock(byMs);
    // The second repair waits for five seconds of the clock that only goes forward.
    expect(await damageAndLook()).toBe(false);
    lab.nowMs += 5_000;
    expect(await damageAndLook()).toBe(true);
    lab.server.cut();
    await lab.server.until(() => connections() === 2);
    await lab.restart();
    expect(lab.deployment()).toMatchObject({ state: "in-place" });
    setClock(-byMs);
    expect(await lab.apply(peeredLab())).toMatchObject({ deployment: { state: "in-place" } });
  });
});
