import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileTopology } from "@vpclab/shared/plan/compile";
import type { CompileContext } from "@vpclab/shared/plan/compile-context";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { planChanges } from "@vpclab/shared/plan/plan";
import type { Step } from "@vpclab/shared/plan/step";
import { gridTopology, testContext } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { readIdMaps } from "../apps/agent/src/host/id-maps";
import { createCommandRunner } from "../apps/agent/src/host/run-command";
import { LinuxKernel } from "../apps/agent/src/kernel/linux-kernel";
import { Scratch } from "../apps/agent/src/kernel/scratch";
import { LinuxWorkloads } from "../apps/agent/src/workloads/linux-workloads";
import { runPlainScript } from "./plain-script";
import { median, type Result, result } from "./result";

/** 10 VPCs with 2 subnets of 5 instances each, an internet gateway per VPC. */
const GRID = gridTopology({ vpcs: 10, subnetsPerVpc: 2, instancesPerSubnet: 5 });
const ROUNDS = 3;

interface Engine {
  /** observe → plan → apply → observe → plan, as the agent does it. Throws when the kernel is not as drawn afterwards. */
  apply(doc: Topology): Promise<{ ms: number; steps: readonly Step[]; processes: number }>;
  /** The plan for what is there now; changes nothing. */
  plan(doc: Topology): Promise<readonly Step[]>;
  close(): void;
}

function createEngine(): Engine {
  const scratch = mkdtempSync(join(tmpdir(), "vpclab-bench-"));
  const runner = createCommandRunner();
  // No instance of the grid has a program to run; looking for them is part of what is measured.
  const idMaps = readIdMaps();
  const workloads = new LinuxWorkloads({ runner, idMaps, programs: { webServer: "" } });
  const kernel = new LinuxKernel({ runner, hostNetns: null, uplink: "uplink0", idMaps, workloads, scratch: new Scratch(scratch) });
  const context: CompileContext = testContext(GRID);
  const names = [...new Set([...Object.keys(compileTopology(GRID, context)), HOST_NAMESPACE])];
  const plan = async (doc: Topology) => planChanges(compileTopology(doc, context), await kernel.observe(names), context);
  return {
    plan,
    async apply(doc) {
      const before = lastPid();
      const started = performance.now();
      const steps = await plan(doc);
      const failures = steps.length > 0 ? await kernel.apply(steps) : [];
      // With nothing to do the first look is also the last, as in the agent.
      const left = steps.length > 0 ? await plan(doc) : [];
      const ms = performance.now() - started;
      if (failures[0] !== undefined) throw new Error(`${JSON.stringify(failures[0].step)}: ${failures[0].reason}`);
      if (left.length > 0) throw new Error(`${left.length} steps are still to do, the first: ${JSON.stringify(left[0])}`);
      return { ms, steps, processes: lastPid() - before };
    },
    close: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

/**
 * How many processes (and threads) were ever started in this PID namespace, which is the benchmark's own: it also counts the
 * children of `ip -batch`. See pid_namespaces(7).
 */
const lastPid = (): number => Number(readFileSync("/proc/sys/kernel/ns_last_pid", "utf8"));

/**
 * 100 instances made by the agent's engine and by a plain script, both from the same plan, in turns in the same namespaces.
 * Each figure is the median of three rounds.
 */
export async function benchApply(): Promise<readonly Result[]> {
  const engine = createEngine();
  const seen = { engine: [] as number[], again: [] as number[], plain: [] as number[], teardown: [] as number[] };
  let writesAgain = 0;
  let processes = { engine: 0, plain: 0 };
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const first = await engine.apply(GRID);
      const again = await engine.apply(GRID);
      seen.engine.push(first.ms);
      seen.again.push(again.ms);
      writesAgain = Math.max(writesAgain, again.steps.length);
      seen.teardown.push((await engine.apply(EMPTY_TOPOLOGY)).ms);

      const steps = await engine.plan(GRID);
      const before = lastPid();
      const started = performance.now();
      runPlainScript(steps);
      seen.plain.push(performance.now() - started);
      processes = { engine: first.processes, plain: lastPid() - before };
      // The script's result is judged by the same eyes: nothing may be left to do.
      const left = await engine.plan(GRID);
      if (left.length > 0) throw new Error(`the plain script left ${left.length} steps to do`);
      await engine.apply(EMPTY_TOPOLOGY);
    }
  } finally {
    engine.close();
  }
  const engineMs = median(seen.engine);
  const plainMs = median(seen.plain);
  return [
    result("apply 100 instances in 10 VPCs", engineMs, "ms", ["<=", 5000]),
    result("the same, one process per command", plainMs, "ms"),
    result("times faster than one process per command", plainMs / engineMs, "x", [">=", 10]),
    result("processes started for it, also by ip -batch", processes.engine, "processes"),
    result("processes of the plain script", processes.plain, "processes"),
    result("kernel writes of a second apply", writesAgain, "writes", ["<=", 0]),
    result("second apply, share of the first", (100 * median(seen.again)) / engineMs, "%", ["<=", 50]),
    result("tear down 100 instances", median(seen.teardown), "ms", ["<=", 5000]),
  ];
}
