import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gridTopology, peeredLab, twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { AgentLab } from "../link/agent-lab";
import { fingerprint } from "./fingerprint";
import { Lab } from "./lab";

afterAll(({}, file) => console.info(badInputCount("N", file)));

const LAB = twoVpcLab();
const TEARDOWN = null;
const SMALL = gridTopology({ vpcs: 1, subnetsPerVpc: 1, instancesPerSubnet: 1 });
/** `SMALL` is a topology of its own beside `LAB`. */
const OTHER = { topologyId: "b7c1e7a2-0f57-4e0c-9c39-6e9f3f6d1c11", topologyName: "other" };
const addressIn = (subnet: string): string => LAB.instances.find(({ subnetId }) => LAB.subnets.find(({ id }) => id === subnetId)?.name === subnet)?.address ?? "";
const lab = new Lab();
let disk: string;
let agent: AgentLab<Lab["kernel"]>;

beforeAll(() => lab.sandbox.ensure());
afterAll(() => lab.sandbox.remove());
beforeEach(async () => {
  disk = mkdtempSync(join(tmpdir(), "vpclab-agent-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]);
  agent = await AgentLab.on(lab.kernel, { parent: disk });
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") console.error(agent.log.lines.slice(-8).join("\n"));
  remount("rw");
  makeRoom();
  await agent.agent.deployments.takeDown();
  await agent.close();
  execFileSync("umount", [disk]);
  rmSync(disk, { recursive: true });
});

/** Every file of the agent's state with its content. */
function remembered(): Record<string, string> {
  const state = agent.home.stateDir;
  const files = readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map(({ parentPath, name }) => [join(parentPath, name).slice(state.length + 1), readFileSync(join(parentPath, name), "utf8")]));
}

const full = () => join(disk, "full");
/** Takes all room but for so many pages. */
function fill(pagesLeft = 0): void {
  const { bfree, bsize } = statfsSync(disk);
  writeFileSync(full(), Buffer.alloc((bfree - pagesLeft) * bsize));
}
const makeRoom = (): void => rmSync(full(), { force: true });
const remount = (mode: "ro" | "rw"): void => void execFileSync("mount", ["-o", `remount,${mode}`, disk]);

describe("an agent whose disk takes nothing more while it runs", () => {
  it.each([
    { what: "is full", spoil: () => fill(), mend: makeRoom, code: "KERNEL_REFUSED", words: /cannot be written: no space is left on its file system; make room.*\(ENOSPC\)/ },
    { what: "is read-only", spoil: () => remount("ro"), mend: () => remount("rw"), code: "PRIVILEGE", words: /cannot be written: its file system is read-only; mount it writable.*\(EROFS\)/ },
  ])("because it $what: every apply is refused and says so, what runs goes on, and afterwards the same works", async ({ spoil, mend, code, words }) => {
    expect(await agent.apply(LAB)).toMatchObject({ deployment: { state: "in-place" } });
    spoil();
    const before = [remembered(), await fingerprint(lab)];
    const tries: { what: string; desired: Topology | null; of: object }[] = [
      { what: "a change", desired: peeredLab(), of: {} }, { what: "a removal", desired: TEARDOWN, of: {} }, { what: "another topology", desired: SMALL, of: OTHER },
    ];
    for (const { what, desired, of } of tries) {
      const refused = await agent.apply(desired, of);
      expect(refused, what).toMatchObject({ type: "job-refused", failure: { code } });
      expect((refused as { failure: { message: string } }).failure.message, what).toMatch(words);
      expect([remembered(), await fingerprint(lab)], what).toEqual(before);
    }
    expect(await lab.pings("vpc1-public", addressIn("private"))).toBe(true);
    mend();
    expect(await agent.apply(peeredLab())).toMatchObject({ deployment: { state: "in-place" } });
    expect(await agent.apply(SMALL, OTHER)).toMatchObject({ deployment: { state: "in-place" } });
    for (const of of [{}, OTHER]) expect(await agent.apply(TEARDOWN, of)).toMatchObject({ deployment: { state: "empty" } });
  });

  it("keeps nothing of a job that it refuses, however little room there is, so that no restart brings it about", async () => {
    const answers: string[] = [];
    for (let pages = 0; answers.at(-1) !== "in-place"; pages++) {
      fill(pages);
      const before = remembered();
      const answer = await agent.apply(SMALL, OTHER);
      if (answer.type === "job-refused") expect(remembered(), `${pages} pages`).toEqual(before);
      const failure = answer.failure?.message;
      if (failure !== undefined) expect(failure, `${pages} pages`).toMatch(/cannot be written: no space is left/);
      answers.push(answer.type === "job-done" ? answer.deployment.state : answer.type);
      makeRoom();
      if (answer.type === "job-refused") {
        await agent.restart();
        expect(agent.agent.deployments.deployed(), `${pages} pages`).toEqual([]);
      }
    }
    expect(answers.filter((answer) => answer === "job-refused").length).toBeGreaterThan(3);
    expect(await agent.apply(TEARDOWN, OTHER)).toMatchObject({ deployment: { state: "empty" } });
  });
});
