import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { hintsOf } from "@vpclab/shared/hints/hints-of";
import { seededRandom } from "@vpclab/shared/testing/builders";
import { buildTemplate } from "@vpclab/shared/templates/build-template";
import { TEMPLATES } from "@vpclab/shared/templates/template-catalog";
import { writeTopologyFile } from "@vpclab/shared/file/write-topology-file";
import { yamlText } from "@vpclab/shared/text/topology-text";
import { MemoryLab, vpcctl } from "../../test/memory-lab";

const state = vi.hoisted(() => ({ lab: null as unknown, opened: 0 }));
vi.mock("../choose-lab", () => ({
  chooseLab: () => {
    state.opened++;
    return Promise.resolve(state.lab);
  },
}));

const dir = mkdtempSync(join(tmpdir(), "vpcctl-files-"));
afterAll(() => rmSync(dir, { recursive: true }));
let lab: MemoryLab;
beforeEach(() => {
  lab = new MemoryLab();
  Object.assign(state, { lab, opened: 0 });
});

const EXAMPLE = new URL("../../../../docs/examples/three-tier.yaml", import.meta.url).pathname;
const file = (name: string, content: string): string => {
  writeFileSync(join(dir, name), content);
  return join(dir, name);
};
async function run(line: string): Promise<string> {
  const { exit, stdout, stderr } = await vpcctl(line);
  if (exit !== 0) throw new Error(`${line}: exit ${exit}: ${stderr}`);
  return stdout;
}

describe("a topology as a file", () => {
  it("apply makes what the file says, under the name that it gives; again it changes nothing", async () => {
    expect(await run(`apply -f ${EXAMPLE}`)).toMatch(/\+ VPC shop/);
    expect([...lab.topologies.keys()]).toEqual(["three-tier"]);
    const before = lab.topologies.get("three-tier");
    expect(await run(`apply -f ${EXAMPLE}`)).toContain("is as");
    expect(lab.topologies.get("three-tier")).toEqual(before);
  });

  it("a name on the command line goes before the one in the file", async () => {
    await run(`-t copy apply -f ${EXAMPLE}`);
    expect([...lab.topologies.keys()]).toEqual(["copy"]);
  });

  it("what is no longer in the file is removed, and the rest stays the same", async () => {
    const two = file("two.yaml", "vpcs:\n  a: {cidr: 10.0.0.0/16, subnets: {s: {cidr: 10.0.1.0/24}}}\n  b: {cidr: 10.1.0.0/16}\n");
    await run(`apply -f ${two}`);
    const before = lab.topologies.get("default");
    const one = file("one.yaml", "vpcs:\n  a: {cidr: 10.0.0.0/16, subnets: {s: {cidr: 10.0.1.0/24}}}\n");
    expect(await run(`apply -f ${one}`)).toMatch(/- VPC b/);
    const after = lab.topologies.get("default");
    expect(after?.vpcs).toEqual(before?.vpcs.filter((vpc) => vpc.name === "a"));
    expect(after?.instances).toEqual(before?.instances);
  });

  it("apply without a file brings the host to the drawing", async () => {
    await run(`apply -f ${EXAMPLE}`);
    expect(await run("apply -t three-tier")).toContain("the host is as drawn");
    expect((await vpcctl("apply -t nothing")).exit).toBe(4);
  });

  it("diff: 0 where nothing differs, 1 with what differs", async () => {
    expect((await vpcctl(`diff -f ${EXAMPLE}`)).exit).toBe(1);
    await run(`apply -f ${EXAMPLE}`);
    expect(await run(`diff -f ${EXAMPLE}`)).toBe("");
    const changed = file("changed.yaml", readFileSync(EXAMPLE, "utf8").replace("webServer: 8080", "webServer: 8081"));
    const { exit, stdout } = await vpcctl(`diff -f ${changed}`);
    expect(exit).toBe(1);
    expect(stdout).toMatch(/^--- drawing of “three-tier”\n\+\+\+ .*changed.yaml\n~ instance shop\/web\/main: web server port 8080 → port 8081\n$/);
    expect(JSON.parse((await vpcctl(`diff -f ${changed} --json`)).stdout)).toMatchObject({ differs: true, topology: "three-tier" });
  });

  it("export, apply elsewhere: the same; --json is what JSON files hold; dry runs write nothing", async () => {
    await run(`apply -f ${EXAMPLE}`);
    const path = join(dir, "out.yaml");
    await run(`-t three-tier export ${path} --dry-run`);
    expect((await vpcctl(`validate -f ${path}`)).exit).toBe(2);
    expect(await run(`-t three-tier export ${path}`)).toContain("written");
    expect(await run(`-t three-tier export -f ${path}`)).toContain("says so already");
    await run(`-t copy apply -f ${path}`);
    expect(await run("-t copy export --json")).toBe((await run("-t three-tier export --json")).replace("three-tier", "copy"));
    const json = file("out.json", await run("-t three-tier export --json"));
    expect(await run(`diff -f ${json}`)).toBe("");
  });

  it("export into the file that was applied keeps its comments", async () => {
    const path = file("mine.yaml", readFileSync(EXAMPLE, "utf8"));
    await run(`apply -f ${path}`);
    await run("-t three-tier vpc set shop --reachable-from-host").catch(() => run("-t three-tier subnet delete shop/db"));
    await run(`-t three-tier export ${path}`);
    expect(readFileSync(path, "utf8")).toContain("# A web shop in three tiers.");
    expect(await run(`diff -f ${path}`)).toBe("");
  });

  it.each(["apply", "plan", "diff", "validate"])("%s with a mistake: exit 2, the line, and no lab was asked", async (command) => {
    const bad = file("bad.yaml", "name: lab\nvpcs:\n  a:\n    cdir: 10.0.0.0/16\n");
    const { exit, stdout, stderr } = await vpcctl(`${command} -f ${bad}`);
    expect({ exit, stdout, opened: state.opened }).toEqual({ exit: 2, stdout: "", opened: 0 });
    expect(stderr).toContain(`${bad}:4:5: `);
    expect(stderr).toContain("Did you mean “cidr”?");
    const json = await vpcctl(`${command} -f ${bad} --json`);
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { issues: expect.arrayContaining([expect.objectContaining({ line: 4, column: 5, code: "SCHEMA" })]) as unknown } });
  });

  it("apply --dry-run changes nothing; validate and schema need no lab", async () => {
    await run(`apply -f ${EXAMPLE} --dry-run`);
    expect(lab.topologies.size).toBe(0);
    state.opened = 0;
    expect(await run(`validate -f ${EXAMPLE}`)).toContain("1 VPC, 3 subnets");
    expect(JSON.parse(await run("schema"))).toHaveProperty("properties.vpcs");
    expect(state.opened).toBe(0);
  });
});

describe("validate prints the hints that the page shows", () => {
  const random = seededRandom(3);
  const hintsOfFile = async (path: string) => JSON.parse(await run(`validate -f ${path} --json`)) as { warnings: { code: string; message: string; line: number; fix: string | null }[] };

  it.each(TEMPLATES.map(({ name }) => name))("of the template %s, with their codes", async (name) => {
    const { document } = buildTemplate(name, random);
    const path = file(`${name}.yaml`, yamlText(writeTopologyFile(document, name)));
    const { warnings } = await hintsOfFile(path);
    const told = (hints: readonly { code: string; message: string }[]) => hints.map(({ code, message }) => `${code}: ${message}`).sort();
    expect(told(warnings)).toEqual(told(hintsOf(document)));
    const { stderr } = await vpcctl(`validate -f ${path}`);
    expect(stderr.split("\n").filter(Boolean).map((line) => line.replace(/^.*?:\d+:\d+: /, "")).sort()).toEqual(told(warnings));
  });

  it("at the line that each is about, in the order of the file", async () => {
    const lines = [
      "vpcs:", "  a:", "    cidr: 10.0.0.0/16", "    subnets: {s: {cidr: 10.0.1.0/24}}", "    securityGroups:", "      lonely: {ingress: []}", "  b:", "    cidr: 10.0.0.0/16", "",
    ];
    const { warnings } = await hintsOfFile(file("hints.yaml", lines.join("\n")));
    expect(warnings.map(({ code, line }) => `${code} ${lines[line - 1]?.trim()}`)).toEqual(expect.arrayContaining([expect.stringMatching(/^GROUP_UNUSED lonely:/), expect.stringMatching(/^VPC_OVERLAP cidr:/)]));
    expect(warnings.map(({ line }) => line)).toEqual(warnings.map(({ line }) => line).sort((a, b) => a - b));
  });
});
