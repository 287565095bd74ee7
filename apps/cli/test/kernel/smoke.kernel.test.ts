import { mkdtempSync, rmSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { done, json, namespaces, run, shell, stateDir, vpcctl } from "./vpcctl";

/** A dozen program starts on a busy machine. */
const LONG_MS = 240_000;

afterEach(async () => {
  await vpcctl("purge --yes");
}, LONG_MS);

describe("vpcctl --local", () => {
  it("makes a VPC, runs programs in it, measures it and leaves nothing", async () => {
    await done("vpc create prod --cidr 10.0.0.0/16");
    await done("subnet add prod/public --cidr 10.0.1.0/24 --type public");
    await done("subnet add prod/private --cidr 10.0.2.0/24 --type private");
    expect(namespaces()).toEqual(expect.arrayContaining(["prod", "prod-public", "prod-private"]));

    const ping = await vpcctl("exec prod-public -- ping -c 1 -W 2 10.0.2.2");
    expect(ping, ping.stderr).toMatchObject({ code: 0 });
    expect((await vpcctl(["exec", "prod-public", "--", "sh", "-c", "exit 7"])).code).toBe(7);

    expect((await vpcctl("test prod-public prod-private")).code).toBe(0);
    expect((await vpcctl("test prod-private internet --expect blocked")).code).toBe(0);
    expect(await json("matrix")).toMatchObject({ disagreements: 0 });
    expect(await done("inspect")).toMatch(/bridge br-\w+ up 10\.0\.1\.1\/24/);
    expect(await json("watch --count 1")).toHaveProperty("counters");
    // The newest are probes, which change nothing.
    expect(await done("logs --last 100 --verbose")).toMatch(/^ +ip netns add prod$/m);
    expect(await done("show linux prod-public")).toContain("ip netns add prod-public");
    expect(await done(["__complete", "--", "inspect", ""])).toBe("prod\n");

    await done("teardown --yes");
    expect(namespaces().filter((name) => name.startsWith("prod"))).toEqual([]);
    await done("purge --yes");
    expect(namespaces()).toEqual([]);
  }, LONG_MS);

  it("a dry run writes nothing", async () => {
    expect(await done("vpc create prod --cidr 10.0.0.0/16 --dry-run --verbose")).toContain("ip netns add prod");
    expect(namespaces()).not.toContain("prod");
    expect(await json("list")).toEqual([]);
  }, LONG_MS);

  it("purge removes what carries the mark without any state, and nothing else; it asks first", async () => {
    await done("vpc create prod --cidr 10.0.0.0/16");
    await run("ip", ["netns", "add", "somebody-elses"]);
    rmSync(stateDir, { recursive: true });
    const asked = await vpcctl("purge");
    expect(asked).toMatchObject({ code: 2, stdout: "" });
    expect(namespaces()).toContain("prod");
    expect(await done("purge --yes")).toContain("prod");
    expect(namespaces()).toEqual(["somebody-elses"]);
    await run("ip", ["netns", "delete", "somebody-elses"]);
  }, LONG_MS);

  it("ends with 3 and says sudo without root, and completes nothing, silently", async () => {
    const home = mkdtempSync("/tmp/nobody-");
    const asNobody = (line: string) => shell(`setpriv --reuid=65534 --regid=65534 --clear-groups vpcctl ${line}`, { env: { HOME: home } });
    // The bundles lie in a folder of root's own.
    await run("sh", ["-c", 'chmod 755 "$(dirname "$(dirname "$(command -v vpcctl)")")"']);
    const refused = await asNobody("vpc create prod");
    expect(refused, refused.stderr).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toContain("sudo vpcctl");
    expect(await asNobody("__complete -- inspect ''")).toEqual({ code: 0, stdout: "", stderr: "" });
    rmSync(home, { recursive: true });
  }, LONG_MS);
});
