import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { done, inside, json, namespaces, run, stateDir, vpcctl } from "../vpcctl";
import { machinePicture, rememberedIn } from "./machine-picture";

const LONG_MS = 240_000;
afterAll(() => vpcctl("purge --all --yes"), LONG_MS);

/** Whoever runs a word of these leaves a file there. */
const CANARY = join(stateDir, "canary");
const INJECTIONS = [`$(touch ${CANARY})`, `\`touch ${CANARY}\``, `a;touch ${CANARY}`, `a|touch ${CANARY}`, `a\ntouch ${CANARY}`, `a&&touch\${IFS}${CANARY}`, `"; touch ${CANARY}; "`];
const BAD_NAMES = [...INJECTIONS, "-x", "--help-me", "../x", "..", ".", "a/b/c/d", "%2e%2e%2f", "veth%d", "Prod", "prod_a", "prod.a", "1a", "a".repeat(31), "a".repeat(100_000), "wеb", "a\u202eb", "a\u200bb", "\x1b[2Jx", "\x1b]52;c;eA==\x07", " a", "a ", " ", ""];

afterEach(() => expect(existsSync(CANARY)).toBe(false));

describe("names", () => {
  it("with shell characters, dashes first, paths, escape sequences, look-alikes or too many letters: 2, nothing is made, run or sent to the terminal", async () => {
    await done("vpc create prod --cidr 10.0.0.0/16");
    const before = [await machinePicture(), rememberedIn(stateDir)];
    const ended = await Promise.all(BAD_NAMES.map((name) => vpcctl(["vpc", "create", `--name=${name}`])));
    ended.forEach(({ code, stdout, stderr }, i) => {
      expect({ code, stdout }, JSON.stringify(BAD_NAMES[i]).slice(0, 80)).toEqual({ code: 2, stdout: "" });
      expect(stderr, JSON.stringify(BAD_NAMES[i]).slice(0, 80)).toMatch(/^vpcctl: [A-Z_]+: .{1,400}\n(See: .*\n)?$/);
      expect(stderr.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    });
    for (const line of [["subnet", "create", `prod/${INJECTIONS[0]}`], ["instance", "create", `prod/${INJECTIONS[1]}`], ["-t", INJECTIONS[2] ?? "", "vpc", "create", "x"], ["sg", "create", `prod/${INJECTIONS[3]}`], ["nat", "create", INJECTIONS[0] ?? ""], ["exec", INJECTIONS[0] ?? "", "--", "true"], ["inspect", INJECTIONS[1] ?? ""], ["vpc", "delete", INJECTIONS[0] ?? "", "--yes"]]) {
      const { code, stdout } = await vpcctl(line);
      expect([2, 4], line.join(" ")).toContain(code);
      expect(stdout).toBe("");
    }
    expect([await machinePicture(), rememberedIn(stateDir)]).toEqual(before);
    await done("vpc delete prod --yes");
  }, LONG_MS);

  it("alike at their beginnings, or thirty letters long, stand side by side, and the delete of one is no matter to the other", async () => {
    const long = ["a", "b"].map((last) => `${"long-names-are-not-cut-off-at".padEnd(29, "x")}${last}`);
    const names = ["prod-a", "prod-b", "prod", "vpc1", "vpc10", ...long];
    for (const [nr, name] of names.entries()) await done(`vpc create ${name} --cidr 10.${nr}.0.0/16`);
    await done("subnet create vpc1/s --cidr 10.3.0.0/24");
    await done("subnet create vpc10/s --cidr 10.4.0.0/24");
    expect(namespaces()).toEqual(expect.arrayContaining([...names, "vpc1-s", "vpc10-s"]));
    for (const name of ["prod-b", "vpc1", long[0] ?? ""]) await done(`vpc delete ${name} --yes`);
    expect(namespaces().filter((name) => !name.includes("."))).toEqual(["prod", "prod-a", "vpc10", "vpc10-s", long[1]].sort());
    expect((await inside("vpc10-s", "ping", "-c", "1", "-W", "2", "10.4.0.1")).code).toBe(0);
    expect(await json("list")).toMatchObject([{ state: "in-place" }]);
    await done("teardown --yes");
    expect(namespaces()).toEqual([]);
  }, LONG_MS);

  it("of files with shell characters and escape sequences are read as files and printed harmlessly", async () => {
    const folder = mkdtempSync(join(tmpdir(), "vpcctl-files-"));
    for (const name of ["$(touch canary).yaml", "-f.yaml", "\x1b[2J.yaml", "a b;touch canary.yaml"]) {
      writeFileSync(join(folder, name), "vpclab: 3\nvpcs: [\n");
      const refused = await vpcctl(["apply", `--file=${name}`], { cwd: folder });
      expect({ ...refused, stderr: "" }, refused.stderr).toEqual({ code: 2, stdout: "", stderr: "" });
      expect(refused.stderr).toMatch(/\.yaml:\d+:\d+: /);
      expect(refused.stderr).not.toContain("\x1b");
    }
    expect(existsSync(join(folder, "canary"))).toBe(false);
    await run("rm", ["-r", folder]);
  }, LONG_MS);
});

/** CPU seconds and peak memory of a command line, by time(1)'s own words. */
async function costOf(line: string): Promise<{ code: number; cpuSeconds: number; residentMib: number; stderr: string }> {
  const { code, stderr } = await run("python3", ["-c", COST, "vpcctl", ...line.split(" ")]);
  const [, cpu = "9", kib = "9999999"] = /cost ([\d.]+) (\d+)/.exec(stderr) ?? [];
  return { code, cpuSeconds: Number(cpu), residentMib: Number(kib) / 1024, stderr };
}
const COST = `import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("cost", used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)
sys.exit(code)`;

describe("addresses", () => {
  it.each([
    ["vpc create big --cidr 10.0.0.0/8", "PREFIX_RANGE"], ["vpc create all --cidr 0.0.0.0/0", "PREFIX_RANGE"], ["vpc create no --cidr abc", "CIDR_SYNTAX"],
    ["vpc create no --cidr 10.0.0.5/24", "CIDR_NOT_CANONICAL"], ["vpc create no --cidr 010.0.0.0/16", "CIDR_SYNTAX"], ["vpc create no --cidr 10.0.0.0/016", "CIDR_SYNTAX"],
    ["vpc create no --cidr localhost/16", "CIDR_SYNTAX"], ["vpc create no --cidr fd00::/64", "CIDR_SYNTAX"], ["vpc create no --cidr 127.0.0.0/16", "PREFIX_RESERVED"],
    ["subnet create prod/x --cidr 10.0.0.0/8", "PREFIX_RANGE"], ["subnet create prod/x --cidr 10.9.0.0/24", "CIDR_OUTSIDE_VPC"], ["subnet create prod/x --cidr abc", "CIDR_SYNTAX"],
    ["subnet create prod/x --cidr 10.0.1.128/25", "CIDR_OVERLAP"], ["subnet create prod/x --cidr 10.0.1.0/29", "PREFIX_RANGE"],
  ])("%s is refused (%s), nothing is made, and it costs next to nothing", async (line, code) => {
    await done("vpc create prod --cidr 10.0.0.0/16");
    await done("subnet create prod/a --cidr 10.0.1.0/24");
    const before = [await machinePicture(), rememberedIn(stateDir)];
    const cost = await costOf(line);
    expect(cost.stderr).toContain(`vpcctl: ${code}: `);
    expect(cost.code).toBe(2);
    // Two or three times as long where the processor is shared.
    expect(cost.cpuSeconds).toBeLessThan(1.5);
    expect(cost.residentMib).toBeLessThan(200);
    expect([await machinePicture(), rememberedIn(stateDir)]).toEqual(before);
  }, LONG_MS);

  it("of two VPCs overlap: both run apart, and neither can be peered nor reached from the host beside the other", async () => {
    await done("vpc create twin --cidr 10.0.0.0/16");
    await done("subnet create twin/a --cidr 10.0.1.0/24");
    const peered = await vpcctl("peer create prod twin");
    expect(peered, peered.stderr).toMatchObject({ code: 2, stdout: "" });
    expect(peered.stderr).toContain("PEER_OVERLAP");
    await done("vpc set prod --reachable-from-host on");
    const second = await vpcctl("vpc set twin --reachable-from-host on");
    expect(second.code).not.toBe(0);
    await done("teardown --yes");
  }, LONG_MS);
});
