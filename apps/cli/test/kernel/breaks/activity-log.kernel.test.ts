import { afterEach, describe, expect, it } from "vitest";
import { done, json, namespaces, run, vpcctl } from "../vpcctl";
import { machinePicture, processesElsewhere } from "./machine-picture";

const LONG_MS = 240_000;
afterEach(async () => {
  await vpcctl("purge --all --yes");
  // One that a failed test left is somebody else's to purge.
  for (const name of namespaces()) await run("ip", ["netns", "delete", name]);
}, LONG_MS);

interface Entry {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly text: string;
  readonly outcome: string;
  readonly reason: string | null;
}
const last = (count: number): Promise<Entry[]> => json<Entry[]>(`logs --last ${count}`);
const newest = async (): Promise<Entry> => (await last(1))[0] ?? expect.fail("nothing in the log");

describe("the activity log", () => {
  it("has every command that reached this machine, with time, person and result: also what failed and what was refused", async () => {
    const started = Date.now();
    await done("vpc create prod --cidr 10.0.0.0/16", { env: { SUDO_USER: "ann" } });
    expect(await newest()).toMatchObject({ actor: "root (ann)", action: "apply", outcome: "done", text: expect.stringContaining("prod") as string });
    await run("ip", ["netns", "add", "dev"]);
    expect((await vpcctl("vpc create dev --cidr 10.1.0.0/16")).code).toBe(1);
    // A create that failed, and that it was taken back.
    const both = [{ action: "apply", outcome: "failed", reason: expect.stringContaining("“dev” exists") as string }, { action: "apply", outcome: "done" }];
    expect(await last(2)).toMatchObject(both);
    expect((await vpcctl("-t other vpc create prod --cidr 127.0.0.0/16")).code).toBe(2);
    await done("teardown --yes");
    const entries = await json<Entry[]>("logs");
    expect(entries.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(expect.arrayContaining(["apply done", "apply failed", "remove done"]));
    for (const { at, actor } of entries) {
      expect(at).toBeGreaterThanOrEqual(started);
      expect(actor).toMatch(/^root( \(ann\))?$/);
    }
    await run("ip", ["netns", "delete", "dev"]);
    await done("purge --yes");
    expect(await newest()).toMatchObject({ actor: "root", action: "purge" });
  }, LONG_MS);

  it("has what vpcctl refused, with person and reason, and neither questions nor what nobody could have meant", async () => {
    await done("vpc create prod --cidr 10.0.0.0/16");
    const count = async () => (await json<Entry[]>("logs --last 1000")).length;
    const refusals: readonly (readonly [string, number, Partial<Entry>])[] = [
      ["vpc create other --cidr 10.0.0.0/33", 2, { action: "vpc create", text: "vpcctl vpc create other --cidr 10.0.0.0/33", reason: expect.stringContaining("CIDR_SYNTAX") as string }],
      ["vpc create prod --cidr 10.9.0.0/16", 5, { action: "vpc create", reason: expect.stringContaining("CIDR is 10.0.0.0/16") as string }],
      ["subnet delete prod/none --yes", 4, { action: "subnet delete", reason: expect.stringContaining("NOT_FOUND") as string }],
      // Before any agent was needed.
      ["apply -f /nowhere.yaml", 2, { action: "apply", reason: expect.stringContaining("there is no such file") as string }],
      ["create-vpc other 10.0.0.0/8", 2, { action: "create-vpc" }],
      // The agent refuses it, and notes it once.
      ["-t second vpc create prod --cidr 127.0.0.0/16", 2, {}],
    ];
    for (const [line, code, entry] of refusals) {
      const before = await count();
      expect((await vpcctl(line, { env: { SUDO_USER: "ann" } })).code, line).toBe(code);
      expect(await newest(), line).toMatchObject({ actor: "root (ann)", outcome: "refused", ...entry });
      expect(await count(), line).toBe(before + 1);
    }
    const before = await count();
    for (const line of ["vcp create x", "vpc create x --cdir 1", "vpc show none", "vpc create x --cidr 10.0.0.0/33 --dry-run", "exec none -- true", "validate -f /nowhere.yaml"]) {
      expect((await vpcctl(line)).code, line).toBeGreaterThan(1);
    }
    expect(await count()).toBe(before);
  }, LONG_MS);

  it("as a script, on a machine without vpcctl, makes the same network", async () => {
    const script = async (): Promise<string> => done("logs --script last");
    const scripts: string[] = [];
    for (const command of ["create --name shop --cidr 10.0.0.0/16", "vpc create dev --cidr 10.1.0.0/16", "subnet create dev/a --cidr 10.1.1.0/24", "peer create shop dev", "subnet delete shop/priv --yes"]) {
      await done(command);
      scripts.push(await script());
    }
    const made = (await machinePicture()).networks;
    await done("purge --yes");
    expect(namespaces()).toEqual([]);
    for (const text of scripts) {
      expect(text).not.toContain("vpcctl ");
      const replayed = await run("sh", [], { input: text });
      expect(replayed.code, replayed.stderr).toBe(0);
    }
    const sorted = (networks: readonly string[]) => networks.map((text) => text.split("\n").sort().join("\n"));
    expect(sorted((await machinePicture()).networks)).toEqual(sorted(made));
    // Servers that a script has started are its own.
    for (const name of namespaces()) await run("sh", ["-c", `ip netns pids ${name} | xargs -r kill -9; ip netns delete ${name}`]);
    await expect.poll(processesElsewhere).toEqual([]);
  }, LONG_MS);
});
