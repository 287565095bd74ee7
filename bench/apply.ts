import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gridTopology } from "@vpclab/shared/testing/builders";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { BatchScript } from "./batch-script";
import { Engine, lastPid } from "./engine";
import { runPlainScript } from "./plain-script";
import { median, type Result, result } from "./result";

/** 10 VPCs with 2 subnets of 5 instances each, an internet gateway per VPC, a security group per subnet. */
const GRID = gridTopology({ vpcs: 10, subnetsPerVpc: 2, instancesPerSubnet: 5, rulesPerGroup: 5 });
const ROUNDS = 3;

/**
 * 100 instances made by the engine, by a script of one process per command, and by a script of batches as an expert would
 * write it: all three from the same plan, in turns in the same namespaces. Each figure is the median of three rounds.
 */
export async function benchApply(): Promise<readonly Result[]> {
  const engine = new Engine(GRID);
  const scratch = mkdtempSync(join(tmpdir(), "vpclab-bench-"));
  const ms = { engine: [] as number[], plain: [] as number[], batch: [] as number[] };
  let processes = { engine: 0, plain: 0, batch: 0 };
  /** A script's result is judged by the same eyes: nothing may be left to do. */
  const timed = async (run: () => void): Promise<{ ms: number; processes: number }> => {
    const before = lastPid();
    const started = performance.now();
    run();
    const took = performance.now() - started;
    const processes = lastPid() - before;
    const left = await engine.plan(GRID);
    if (left.length > 0) throw new Error(`the script left ${left.length} steps to do, the first: ${JSON.stringify(left[0])}`);
    await engine.apply(EMPTY_TOPOLOGY);
    return { ms: took, processes };
  };
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = lastPid();
      ms.engine.push((await engine.apply(GRID)).ms);
      const byEngine = lastPid() - before;
      await engine.apply(EMPTY_TOPOLOGY);
      const steps = await engine.plan(GRID);
      const script = new BatchScript(steps, join(scratch, String(round)));
      const batch = await timed(() => script.run());
      const plain = await timed(() => runPlainScript(steps));
      ms.batch.push(batch.ms);
      ms.plain.push(plain.ms);
      processes = { engine: byEngine, plain: plain.processes, batch: batch.processes };
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const [engineMs, plainMs, batchMs] = [median(ms.engine), median(ms.plain), median(ms.batch)];
  return [
    result("apply 100 instances with security groups in 10 VPCs", engineMs, "ms"),
    result("the same, one process per command", plainMs, "ms"),
    result("the same, hand-written ip -batch and nft -f", batchMs, "ms"),
    result("times faster than one process per command", plainMs / engineMs, "x", [">=", 10]),
    result("time beside hand-written batches", engineMs / batchMs, "x", ["<=", 1.3]),
    result("processes started by the engine", processes.engine, "processes"),
    result("processes of the plain script", processes.plain, "processes"),
    result("processes of the batch script", processes.batch, "processes"),
  ];
}
