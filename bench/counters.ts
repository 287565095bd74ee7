import { setTimeout as delay } from "node:timers/promises";
import { compileTopology } from "@vpclab/shared/plan/compile";
import { gridTopology, testContext } from "@vpclab/shared/testing/builders";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { NamespaceSockets } from "../apps/agent/src/kernel/namespace-sockets";
import { counterTargets } from "../apps/agent/src/report/counter-targets";
import { LinkCounters } from "../apps/agent/src/report/counters";
import { Engine } from "./engine";
import { type Result, result } from "./result";

/** 1,800 instances and 200 subnets: some 2,000 interfaces in the routers' namespaces. */
const GRID = gridTopology({ vpcs: 20, subnetsPerVpc: 10, instancesPerSubnet: 9 });
const SECONDS = 10;

/** What reading the counters of a large lab once a second costs the agent. */
export async function benchCounters(): Promise<readonly Result[]> {
  const engine = new Engine(GRID);
  await engine.apply(GRID);
  const context = testContext(GRID);
  const targets = counterTargets(compileTopology(GRID, context));
  const sockets = new NamespaceSockets();
  const counters = new LinkCounters(sockets);
  counters.watch(targets);
  await counters.read();
  globalThis.gc?.();
  const memoryBefore = process.memoryUsage().rss;
  const before = process.cpuUsage();
  for (let second = 0; second < SECONDS; second += 1) {
    const due = performance.now() + 1000;
    await counters.read();
    await delay(Math.max(0, due - performance.now()));
  }
  const { user, system } = process.cpuUsage(before);
  counters.stop();
  await engine.apply(EMPTY_TOPOLOGY);
  return [
    result("interfaces whose counters are read each second", interfaces(), "interfaces"),
    result("CPU for it, share of a core", (100 * (user + system)) / (SECONDS * 1e6), "%", ["<=", 3]),
    result("memory it adds", (process.memoryUsage().rss - memoryBefore) / 2 ** 20, "MiB"),
  ];
}

/** Every interface in the routers' namespaces is in the answer that is read. */
function interfaces(): number {
  return Object.values(compileTopology(GRID, testContext(GRID)))
    .filter((space) => GRID.vpcs.some((vpc) => vpc.name === space.name))
    .reduce((sum, space) => sum + space.links.length + 1, 0);
}
