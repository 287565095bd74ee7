import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adoptionEdit } from "@vpclab/shared/plan/adoption-edit";
import type { PlanPreview } from "@vpclab/shared/plan/step";
import { applyEdits } from "@vpclab/shared/topology/edit";
import type { Topology } from "@vpclab/shared/topology/topology";
import { AgentLab } from "../link/agent-lab";
import { applyJob } from "../link/job-fixture";
import { Lab } from "./lab";
import { mixedLab } from "./mixed-lab";

/** Changes by hand that the drawing can take over: what the plan offers, adopted and applied, leaves the kernel as the hand made it. */
describe("adoption, on the real kernel", () => {
  const lab = new Lab();
  const drawn: Topology = { ...mixedLab(), settings: { addressing: "lab", driftRepair: "manual" } };
  let agent: AgentLab<Lab["kernel"]>;
  let asked = 0;
  beforeAll(async () => {
    await lab.sandbox.ensure();
    agent = await AgentLab.on(lab.kernel, { surroundings: () => lab.sandbox.ensure() });
    expect(await agent.apply(drawn)).toMatchObject({ deployment: { state: "in-place" } });
  });
  afterAll(async () => {
    await agent.agent.deployments.takeDown();
    await agent.close();
    await lab.sandbox.remove();
  });

  async function planOf(desired: Topology): Promise<PlanPreview> {
    const { revision: _r, epoch: _e, generation: _g, ...common } = applyJob();
    const jobId = `plan-${++asked}`;
    agent.server.sendJob((signed) => ({ ...common, ...signed, kind: "plan", jobId, desired }));
    await agent.server.until(() => agent.server.ofType("plan-done").some((done) => done.jobId === jobId), 20_000);
    return agent.server.ofType("plan-done").find((done) => done.jobId === jobId)!.plan;
  }

  it("offers nothing while all is as drawn", async () => {
    expect((await planOf(drawn)).adoptions).toBeUndefined();
  });

  it("a route removed by hand is offered, and after adoption nothing of it is left to do", async () => {
    await lab.inside("vpc1", "sh", "-c", `table=$(ip route show table all | grep '^default via 169' | grep -o 'table [0-9]*' | cut -d' ' -f2 | head -1); ip route delete default table $table`);
    const plan = await planOf(drawn);
    const [route] = plan.adoptions ?? [];
    expect(plan.adoptions).toEqual([{ kind: "route-removed", objectId: expect.stringMatching(/^rtb-/), shownOn: [expect.stringMatching(/^rtb-/)], destination: "0.0.0.0/0" }]);
    const edit = adoptionEdit(drawn, route!);
    const edited = applyEdits(drawn, [edit!.command]);
    expect(edited.ok).toBe(true);
    const later = edited.ok ? await planOf(edited.value) : null;
    expect(later?.adoptions).toBeUndefined();
    expect(later?.changes.flatMap(({ commands }) => commands).filter((command) => /route (replace|add|del).*default/.test(command))).toEqual([]);
  });

  it("offers nothing of a document that is not the applied one", async () => {
    const other: Topology = { ...drawn, settings: { ...drawn.settings, driftRepair: "automatic" } };
    expect((await planOf(other)).adoptions).toBeUndefined();
  });
});
