import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readTopologyFile } from "@vpclab/shared/file/read-topology-file";
import { seededRandom } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { BatchScript } from "./batch-script";
import { Engine } from "./engine";
import { batchedRemoval, shellScript } from "./older-way";
import { median, type Result, result } from "./result";

const ROUNDS = 5;
const STARTS = 15;
const PROGRAM = resolve(import.meta.dirname, "../apps/cli/bin/vpcctl.mjs");
/** What one person's patience notices; measured as whole processes, from the shell's side. */
const STARTUP_MS_MAX = 250;

/**
 * The older tools' labs: each VPC with a public subnet (behind a policy), a private one and a way to the internet, peered with the
 * next one. Without a resolver, which those tools do not have.
 */
function labFile(vpcs: number): object {
  const names = Array.from({ length: vpcs }, (_, i) => `vpc${i + 1}`);
  const policy = { defaults: { ingress: "deny", egress: "allow" }, rules: ["allow tcp 80 from 0.0.0.0/0", "allow tcp 443 from 0.0.0.0/0", "deny tcp 22 from 0.0.0.0/0"] };
  const vpc = (i: number) => ({
    cidr: `10.${i}.0.0/16`, dns: false,
    subnets: { public: { cidr: `10.${i}.1.0/24`, type: "public", firewall: policy }, private: { cidr: `10.${i}.2.0/24` } },
  });
  return { vpcs: Object.fromEntries(names.map((name, i) => [name, vpc(i)])), peerings: names.slice(1).map((name, i) => `${names[i]} <-> ${name}`) };
}

/**
 * The same lab made and deleted in three ways, in turns in the same namespaces: by `vpcctl --local` as a person calls it (a process
 * that starts, reads, plans, applies, looks again, remembers), by a shell script of one process per command, and by the least that
 * does it: `ip -batch` and `nft -f`.
 */
export async function benchVpcctl(): Promise<readonly Result[]> {
  const scratch = mkdtempSync(join(tmpdir(), "vpclab-bench-"));
  try {
    return [...await compare("two VPCs, peered", 2, scratch), ...await compare("ten VPCs, peered in a row", 10, scratch), ...startup(scratch)];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

type Way = "vpcctl" | "script" | "floor";
type Times = Record<Way, { readonly create: number[]; readonly remove: number[] }>;

async function compare(what: string, vpcs: number, scratch: string): Promise<Result[]> {
  const file = join(scratch, `lab-${vpcs}.json`);
  writeFileSync(file, JSON.stringify(labFile(vpcs)));
  const doc = topologyOf(labFile(vpcs));
  const engine = new Engine(doc);
  const times: Times = { vpcctl: { create: [], remove: [] }, script: { create: [], remove: [] }, floor: { create: [], remove: [] } };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.vpcctl.create.push(timed(() => vpcctl(scratch, "apply", "-f", file)));
    times.vpcctl.remove.push(timed(() => vpcctl(scratch, "teardown", "--yes")));
    await byHand(engine, doc, times.script, (steps, name) => shellScript(steps, join(scratch, name)));
    await byHand(engine, doc, times.floor, (steps, name) => {
      if (name === "remove") return batchedRemoval(steps, join(scratch, `floor-${round}`));
      const script = new BatchScript(steps, join(scratch, `floor-${round}`));
      return () => script.run();
    });
  }
  return (["create", "remove"] as const).flatMap((part) => {
    const [own, script, floor] = [median(times.vpcctl[part]), median(times.script[part]), median(times.floor[part])];
    return [
      result(`${part} ${what}: vpcctl --local`, own, "ms"),
      result(`${part} ${what}: script of one process per command`, script, "ms"),
      result(`${part} ${what}: ip -batch and nft -f`, floor, "ms"),
      result(`${part} ${what}: vpcctl beside the script`, own / script, "x"),
      result(`${part} ${what}: vpcctl beside ip -batch and nft -f`, own / floor, "x"),
    ];
  });
}

type MakeScript = (steps: Awaited<ReturnType<Engine["plan"]>>, name: "create" | "remove") => () => void;

/** A script's work is judged by the engine's eyes: nothing may be left to do. What its removal leaves, the engine takes away untimed. */
async function byHand(engine: Engine, doc: Topology, times: Times[Way], make: MakeScript): Promise<void> {
  times.create.push(timed(make(await engine.plan(doc), "create")));
  const left = await engine.plan(doc);
  if (left.length > 0) throw new Error(`the script left ${left.length} steps to do, the first: ${JSON.stringify(left[0])}`);
  times.remove.push(timed(make(await engine.plan(EMPTY_TOPOLOGY), "remove")));
  await engine.apply(EMPTY_TOPOLOGY);
}

/** In turns with Node alone, which is the floor and tells how busy the machine is. */
function startup(scratch: string): Result[] {
  const ways = { alone: () => run(process.execPath, ["-e", "0"]), help: () => vpcctl(scratch, "--help"), list: () => vpcctl(scratch, "list") };
  const times: Record<keyof typeof ways, number[]> = { alone: [], help: [], list: [] };
  for (let round = 0; round < STARTS; round += 1) {
    for (const way of ["alone", "help", "list"] as const) times[way].push(timed(ways[way]));
  }
  const [alone, help, list] = [median(times.alone), median(times.help), median(times.list)];
  return [
    result("start-up: node alone", alone, "ms"),
    result("start-up: vpcctl --help", help, "ms", ["<=", STARTUP_MS_MAX]),
    result("start-up: vpcctl --help beside node alone", help / alone, "x"),
    result("start-up: vpcctl --local list", list, "ms", ["<=", STARTUP_MS_MAX]),
    result("start-up: vpcctl --local list beside node alone", list / alone, "x"),
  ];
}

function topologyOf(file: object): Topology {
  const read = readTopologyFile(file, { existing: null, random: seededRandom(1) });
  if (!read.ok) throw new Error(read.error.map(({ message }) => message).join(" "));
  return read.value.topology;
}

function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

/** In host mode: this namespace is the host, as the older tools have it, and no sandbox is made beside. */
const vpcctl = (scratch: string, ...args: string[]): void =>
  run(process.execPath, [PROGRAM, "--local", "--mode", "host", "--uplink", "uplink0", "--state", join(scratch, "state"), ...args]);

function run(file: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.slice(1).join(" ")} ended with ${status}: ${stderr || stdout}`);
}
