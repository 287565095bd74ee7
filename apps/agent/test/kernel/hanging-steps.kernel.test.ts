import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { LinuxKernel } from "../../src/kernel/linux-kernel";
import type { WorkloadPort } from "../../src/kernel/workload-port";
import { LinuxWorkloads } from "../../src/workloads/linux-workloads";
import { AgentLab } from "../link/agent-lab";
import { idMaps, Lab } from "./lab";

const lab2 = twoVpcLab();
/** Web servers are its only programs. */
const drawn = { ...lab2, vpcs: lab2.vpcs.map((vpc) => ({ ...vpc, dnsSupport: false })) };
const OTHER = { topologyId: "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11", topologyName: "other" };
const quiet = { ...drawn, instances: drawn.instances.map((instance) => ({ ...instance, webServer: null })) };
const serving = drawn.instances.filter(({ webServer }) => webServer !== null).map(({ id }) => id);

describe("a step that hangs holds nobody up for ever", () => {
  const lab = new Lab();
  let agent: AgentLab<LinuxKernel>;
  let folder: string;
  const start = async (workloads: WorkloadPort, stepTimeoutMs?: number) => {
    const kernel = new LinuxKernel({ hostNetns: "vpclab.host", uplink: "uplink0", idMaps, workloads, sockets: lab.sockets, ...(stepTimeoutMs === undefined ? {} : { stepTimeoutMs }) });
    agent = await AgentLab.on(kernel, { surroundings: () => lab.sandbox.ensure() });
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "vpclab-hang-"));
    await lab.sandbox.ensure();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") console.error(agent.log.lines.slice(-8).join("\n"));
    await agent.agent.deployments.takeDown();
    await agent.close();
  });
  afterAll(async () => {
    await lab.sandbox.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("when nothing ever comes of it: the apply fails with its code and its objects, the rest is in place, the next topology has its turn", async () => {
    const real = new LinuxWorkloads(lab);
    const hanging: WorkloadPort = {
      find: (inodes) => real.find(inodes), stop: (place, workload) => real.stop(place, workload),
      endStrays: (topologyIds, named) => real.endStrays(topologyIds, named), forget: (namespaces) => real.forget(namespaces),
      start: () => new Promise(() => undefined),
    };
    await start(hanging, 300);
    const [first, second] = await Promise.all([agent.apply(drawn), agent.apply(quiet, OTHER)]);
    expect(first).toMatchObject({ failure: { code: "STEP_TIMEOUT", message: expect.stringMatching(/Starting the program of .* did not end within 0.3 s .* then apply again/) }, deployment: { state: "failed" } });
    const failed = Object.entries("deployment" in first ? first.deployment.objects : {}).filter(([, { state }]) => state === "failed").map(([id]) => id);
    expect(failed.sort()).toEqual([...serving].sort());
    expect(second).toMatchObject({ deployment: { state: "in-place" } });
    expect(second).not.toHaveProperty("failure");
  });

  it("when it is a program that runs and never does its work", async () => {
    const deaf = join(folder, "deaf");
    writeFileSync(deaf, '#!/bin/sh\ntrap "" TERM\nwhile :; do sleep 1000; done\n');
    chmodSync(deaf, 0o755);
    const confinement = lab.newConfinement({ nodePath: deaf });
    await start(new LinuxWorkloads({ programs: lab.programs, confinement }));
    const answer = await agent.apply(drawn);
    expect(answer).toMatchObject({ failure: { code: "STEP_TIMEOUT", message: expect.stringMatching(/The web server of .* did not start on port \d+: it does not listen after 15 s/) }, deployment: { state: "failed" } });
    expect(await agent.apply(quiet)).toMatchObject({ deployment: { state: "in-place" } });
  });
});
