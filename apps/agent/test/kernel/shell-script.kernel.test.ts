import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileTopology } from "@vpclab/shared/plan/compile";
import type { CompileContext } from "@vpclab/shared/plan/compile-context";
import { planChanges } from "@vpclab/shared/plan/plan";
import { SCRIPT_UPLINK, shellScript } from "@vpclab/shared/plan/shell-script";
import { testContext } from "@vpclab/shared/testing/builders";
import { fullLab } from "@vpclab/shared/testing/full-lab";
import { listNetnsNames } from "../../src/host/netns";
import { PlainHost, UPSTREAM } from "./plain-host";

const doc = fullLab();
const contextWith = (uplink: string): CompileContext => {
  const context = testContext(doc, { publicAddresses: {} });
  return { ...context, host: { ...context.host, uplink, publicPool: false } };
};

describe("the shell script of a topology, on a host without an agent", () => {
  const host = new PlainHost();
  let folder = "";
  let path = "";
  const sh = (...args: string[]) => host.lab.runner.run({ file: "sh", args: [path, ...args] });
  const ping = async (namespace: string, address: string) => (await host.lab.runner.tryRun({ file: "ip", args: ["netns", "exec", namespace, "ping", "-n", "-c", "1", "-W", "3", address] })).exitCode === 0;

  beforeAll(async () => {
    await host.up("accept");
    folder = await mkdtemp(join(tmpdir(), "vpclab-script-"));
    path = join(folder, "lab.sh");
    await writeFile(path, shellScript(doc, contextWith(SCRIPT_UPLINK)));
  });
  afterAll(async () => {
    await host.down();
    await rm(folder, { recursive: true });
  });

  it("makes what the agent would make: to the agent nothing is left to do but its own programs", async () => {
    await sh();
    const context = contextWith("up0");
    const wanted = compileTopology(doc, context);
    const left = planChanges(wanted, await host.lab.kernel.observe(Object.keys(wanted)), context);
    expect(left.filter(({ action }) => action !== "workload-start" && action !== "workload-stop")).toEqual([]);
  }, 120_000);

  it("carries packets: within a VPC, over the peering, to the internet, and not past a group", async () => {
    expect(await ping("vpc1-public", "10.0.2.2")).toBe(true);
    expect(await ping("vpc1-private", "172.16.1.2")).toBe(true);
    expect(await ping("vpc1-public", UPSTREAM)).toBe(true);
    expect(await ping(host.upstream, "10.0.2.2")).toBe(false);
  }, 60_000);

  it("does nothing where it stands already", async () => {
    await expect(sh()).rejects.toThrow(/Nothing was changed|inet vpclab/);
  });

  it("takes everything away again", async () => {
    await sh("down");
    expect(listNetnsNames()).toEqual([host.upstream]);
    expect((await host.lab.runner.run({ file: "nft", args: ["list", "tables"] })).stdout).not.toContain("vpclab");
    expect(await host.ip("-br", "link")).not.toMatch(/igh-/);
  }, 60_000);
});
