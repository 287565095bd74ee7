import { readFileSync } from "node:fs";
import { TopologySchema, type Topology } from "@vpclab/shared/topology/topology";
import type { Engine } from "../prove/engine";
import type { Sandbox } from "../apps/agent/src/sandbox/sandbox";

/** What an agent is doing when it is killed. */
export const SCENARIOS = ["apply", "change", "tear-down", "boot", "stop"] as const;
export type Scenario = (typeof SCENARIOS)[number];

export const isScenario = (text: string): text is Scenario => (SCENARIOS as readonly string[]).includes(text);

export const TOPOLOGY_ID = "00000000-0000-4000-8000-0000000070b7";
export const TOPOLOGY_NAME = "default";

export interface Documents {
  readonly first: Topology;
  readonly second: Topology;
}

export interface Stage {
  readonly engine: Engine;
  readonly sandbox: Sandbox;
  readonly documents: Documents;
}

/** What is there before: nothing, or the first document in place. Before a boot, records only: the machine has restarted. */
export async function prepare(scenario: Scenario, { engine, sandbox, documents }: Stage): Promise<void> {
  await sandbox.ensure();
  if (scenario === "apply") return;
  await engine.apply(TOPOLOGY_ID, TOPOLOGY_NAME, documents.first);
  if (scenario !== "boot") return;
  await engine.deployments.takeDown();
  await sandbox.remove();
}

/** The part that is interrupted. */
export async function perform(scenario: Scenario, { engine, sandbox, documents }: Stage): Promise<void> {
  switch (scenario) {
    case "apply": return void (await engine.apply(TOPOLOGY_ID, TOPOLOGY_NAME, documents.first));
    case "change": return void (await engine.apply(TOPOLOGY_ID, TOPOLOGY_NAME, documents.second));
    case "tear-down": return void (await engine.apply(TOPOLOGY_ID, TOPOLOGY_NAME, null));
    case "boot": {
      await sandbox.ensure();
      return engine.restore();
    }
    case "stop": {
      await engine.deployments.takeDown();
      return sandbox.remove();
    }
  }
}

export const readDocument = (path: string): Topology => TopologySchema.parse(JSON.parse(readFileSync(path, "utf8")));
