import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { compileTopology } from "@vpclab/shared/plan/compile";
import { previewContext } from "@vpclab/shared/plan/describe";
import { planChanges } from "@vpclab/shared/plan/plan";
import type { Step } from "@vpclab/shared/plan/step";
import { FakeKernel } from "@vpclab/shared/testing/fake-kernel";
import { randomEdit } from "@vpclab/shared/testing/random-edit";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import { nftFault } from "../../hostile/grammar/nft-script";
import { parseHostileOptions } from "../../hostile/options";
import { recordedKernel } from "../../hostile/recorded-kernel";
import { Tally, verdictLine } from "../../hostile/tally";
import { Random } from "../../prove/random";

const TOPOLOGY = { id: "00000000-0000-4000-8000-000000000001", name: "lab" };
const RENDERING = { hostNetns: "vpclab.host", idMaps: { uids: [{ inside: 0, count: 70_000 }], gids: [{ inside: 0, count: 70_000 }] }, webServer: "/opt/web-server.mjs" };

/** Every step by which some random topologies are made, changed and removed. */
async function realSteps(topologies: number): Promise<Step[]> {
  const random = new Random(11);
  const steps: Step[] = [];
  for (let n = 0; n < topologies; n += 1) {
    const kernel = new FakeKernel();
    let document = randomTopology(random.bytes, { vpcsMax: 2, subnetsPerVpcMax: 2, instancesMax: 6 });
    document = { ...document, instances: document.instances.map((instance, i) => ({ ...instance, webServer: i === 0 ? { port: 80 } : null })) };
    for (let edit = 0; edit < 3; edit += 1) {
      const context = previewContext(document, TOPOLOGY);
      const wanted = compileTopology(document, context);
      const due = planChanges(wanted, await kernel.observe([...kernel.names(), ...Object.keys(wanted)]), { ...context, ledger: kernel.names() });
      await kernel.apply(due);
      steps.push(...due);
      document = randomEdit(document, random.bytes, { vpcs: 3, instances: 8 }).document;
    }
  }
  return steps;
}

async function faultsOf(steps: readonly Step[]): Promise<string[]> {
  const tally = new Tally();
  const nowhere = { observe: () => Promise.resolve({}), hostNetworks: () => Promise.resolve([]), apply: () => Promise.resolve([]) };
  await recordedKernel(nowhere, tally, RENDERING).apply(steps);
  return tally.examples;
}

/** Every place of a step where a text stands that a document decides about. */
function* textsOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value === "string") return yield path;
  if (typeof value === "object" && value !== null) for (const [key, inner] of Object.entries(value)) if (!UNHEARD.has(key)) yield* textsOf(inner, [...path, key]);
}
/** Names the step, the object for which it is done, and fixed words of the compiler that are not rendered. */
const UNHEARD: ReadonlySet<string> = new Set(["action", "owner", "change", "kind", "family", "op", "mangle"]);

function planted(step: Step, path: readonly string[], text: string): Step {
  const copy = structuredClone(step) as unknown as Record<string, unknown>;
  const holder = path.slice(0, -1).reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
  holder[path.at(-1) ?? ""] = text;
  return copy as unknown as Step;
}

describe("the grammar of everything that reaches a kernel", () => {
  it("knows what real topologies become", async () => {
    const steps = await realSteps(25);
    expect(new Set(steps.map(({ action }) => action)).size).toBeGreaterThan(15);
    expect(await faultsOf(steps)).toEqual([]);
  }, 120_000);

  it.each(["x; reboot", "-h", 'a"\nflush ruleset', "../../etc/cron.d/x", "a b", "$(id)", "A\nEOF\nreboot"])("catches %j wherever a renderer would let it through", async (text) => {
    const steps = await realSteps(3);
    const byShape = new Map<string, { readonly step: Step; readonly path: readonly string[] }>();
    for (const step of steps) for (const path of textsOf(step)) byShape.set(`${step.action} ${path.filter((key) => !/^\d+$/.test(key)).join(".")}`, { step, path });
    expect(byShape.size).toBeGreaterThan(60);
    const missed: string[] = [];
    for (const [shape, { step, path }] of byShape) if ((await faultsOf([planted(step, path, text)])).length === 0) missed.push(shape);
    expect(missed).toEqual([]);
  }, 120_000);

  it.each([
    "flush ruleset\n", "table ip vpclab\n", "table inet vpclab\ndelete table inet vpclab\ntable inet other {\n}\n", "list ruleset\n", "table inet vpclab {\n", 'include "/etc/passwd"\n', "define x = 1\n",
    'add rule inet vpclab input accept comment "a" ; flush ruleset\n', "add rule inet vpclab input accept\n", 'add rule inet filter input accept comment "a"\n', 'add rule inet vpclab input ip saddr 010.0.0.1 accept comment "a"\n',
    'add rule inet vpclab input iifname "eth0" accept comment "a"\n', 'add rule inet vpclab input tcp dport ssh accept comment "a"\n', "add element inet vpclab sg-1 { 10.0.0.1, x }\n", "delete table ip nat\n",
  ])("has no place for %j", (script) => expect(nftFault(script)).not.toBeNull());
});

it("what is written, started and run outside is seen, whatever a step says", () => {
  const program = `
    const { watchEffects } = await import("./hostile/watch-effects.ts");
    const { Tally, verdictLine } = await import("./hostile/tally.ts");
    const fs = await import("node:fs");
    const { spawn } = await import("node:child_process");
    const folder = fs.mkdtempSync("/tmp/watched-");
    const tally = new Tally();
    watchEffects({ tally, folders: [folder + "/state"] });
    fs.mkdirSync(folder + "/state");
    await fs.promises.writeFile(folder + "/state/a", "");
    await fs.promises.rename(folder + "/state/a", folder + "/state/b");
    if (tally.faults > 0) throw new Error(tally.examples.join());
    fs.writeFileSync(folder + "/state/../outside", "");
    await fs.promises.rename(folder + "/state/b", folder + "/b");
    spawn("true", ["-rf"]);
    watchEffects(null);
    fs.rmSync(folder, { recursive: true });
    console.log(verdictLine(1, tally));`;
  const output = execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], { encoding: "utf8" });
  expect(output).toBe("1 jobs, 1 outside grammar, 2 outside folders, 0 crashes\n");
}, 60_000);

it("a run is said in one line, and named so that it can be had again", () => {
  const tally = new Tally();
  tally.fault("crashes", "a");
  expect(verdictLine(7, tally)).toBe("7 jobs, 0 outside grammar, 0 outside folders, 1 crashes");
  expect(parseHostileOptions(["--seed", "7"])).toEqual({ jobs: 100_000, kernelJobs: 500, agentJobs: 2000, mutations: 1_000_000, seed: 7 });
  expect(parseHostileOptions(["--jobs", "3", "--kernel-jobs", "9", "--mutations", "0", "--seed", "7"])).toEqual({ jobs: 3, kernelJobs: 3, agentJobs: 3, mutations: 0, seed: 7 });
  expect(() => parseHostileOptions(["--jobs", "many"])).toThrow("whole number");
});
