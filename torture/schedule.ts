import { setTimeout as delay } from "node:timers/promises";
import { randomEdit } from "@vpclab/shared/testing/random-edit";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import { editBetween } from "@vpclab/shared/topology/edit-between";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { Random } from "../prove/random";
import { mischiefOf, NO_MISCHIEF } from "./fault-proxy";
import type { WayLab } from "./way-lab";

/** What a person does: saves and applies a drawing, or tears it down (null). */
export type Schedule = readonly (Topology | null)[];

const SIZE = { vpcsMax: 2, subnetsPerVpcMax: 2, instancesMax: 4 };
const GROWTH = { vpcs: 3, instances: 6 };
const ACTIONS = 4;
/** Share of frames that are hit, and how long the way stays spoiled after each action. */
const FAULT_SHARE = 0.25;
const SPOILED_MAX_MS = 700;
/** The promise: this long after the faults have stopped, everything is as it was asked for. */
const CONVERGE_MAX_MS = 30_000;

export function scheduleOf(seed: number): Schedule {
  const random = new Random(seed);
  const actions: (Topology | null)[] = [];
  let document = randomTopology(random.bytes, SIZE);
  for (let action = 0; action < ACTIONS; action += 1) {
    const tearsDown = action > 0 && actions.at(-1) !== null && random.chance(0.25);
    if (!tearsDown && action > 0) document = randomEdit(document, random.bytes, GROWTH).document;
    actions.push(tearsDown ? null : document);
  }
  return [...actions, null];
}

export interface ScheduleEnd {
  /** Writes to the kernel, action by action. */
  readonly writes: readonly string[];
  /** What was not as asked in time; null: everything was. */
  readonly stuck: string | null;
  readonly slowestMs: number;
}

export interface RunOptions {
  /** Spoils the way, and restarts the agent in the middle of things; null: nothing goes wrong. */
  readonly faultSeed: number | null;
  readonly convergeMaxMs?: number;
}

/** A drawing on the server whose host holds nothing of it. */
export class Drawing {
  #revision = 1;
  #drawn: Topology = EMPTY_TOPOLOGY;

  private constructor(private readonly lab: WayLab, readonly id: string) {}

  static async create(lab: WayLab): Promise<Drawing> {
    return new Drawing(lab, (await lab.client.topology.create.mutate({ name: "schedule", template: "empty" })).id);
  }

  /** A word that came late, of a teardown that was sent once more, is waited out. */
  async remove(): Promise<void> {
    const { client } = this.lab;
    await within(CONVERGE_MAX_MS, "the page does not say that it is empty", async () => (await client.topology.list.query()).find(({ id }) => id === this.id)?.deployment.state === "empty");
    await client.topology.remove.mutate({ id: this.id });
  }

  /** Saves and applies it, or tears it down. Answers with what has to come of it. */
  async act(wanted: Topology | null): Promise<Wanted> {
    const { client } = this.lab;
    const command = wanted && editBetween(this.#drawn, wanted);
    if (command) {
      const answer = await client.topology.save.mutate({ id: this.id, baseRevision: this.#revision, clientId: "torture", commands: [command] });
      if (!answer.saved) throw new Error("nobody else saves here");
      this.#revision = answer.revision;
    }
    this.#drawn = wanted ?? this.#drawn;
    const { generation } = await (wanted === null ? client.deployment.teardown : client.deployment.applyNewest).mutate({ id: this.id });
    return { generation, revision: this.#revision, state: wanted === null ? "empty" : "in-place" };
  }
}

/** Carries a schedule out on a host that has just started, and leaves it empty. */
export async function runSchedule(lab: WayLab, drawing: Drawing, schedule: Schedule, { faultSeed, convergeMaxMs = CONVERGE_MAX_MS }: RunOptions): Promise<ScheduleEnd> {
  const random = faultSeed === null ? null : new Random(faultSeed);
  await lab.startAgent({ anew: true });
  // What the run before was told once more as it ended: a teardown of what is gone is carried out before anything is counted.
  await within(CONVERGE_MAX_MS, "the host is not empty", () => lab.agent?.deployments.empty === true);
  const writes: string[] = [];
  let slowestMs = 0;
  let stuck: string | null = null;
  for (const [at, document] of schedule.entries()) {
    const before = lab.kernel.log.length;
    if (random) lab.proxy.mischief = mischiefOf(random, FAULT_SHARE);
    const wanted = await drawing.act(document);
    if (random) await spoil(lab, random);
    lab.proxy.mischief = NO_MISCHIEF;
    const startedAt = performance.now();
    const disagreement = await converged(lab, drawing.id, wanted, convergeMaxMs);
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    writes.push(JSON.stringify(lab.kernel.log.slice(before)));
    if (disagreement !== null) stuck = `action ${at + 1}: ${disagreement}`;
    if (stuck !== null) break;
  }
  await lab.stopAgent();
  return { writes, stuck, slowestMs };
}

async function within(maxMs: number, otherwise: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + maxMs; !(await condition()); await delay(15)) if (performance.now() > deadline) throw new Error(otherwise);
}

/** Lets time pass on the spoiled way; now and then the agent is started again meanwhile. */
async function spoil(lab: WayLab, random: Random): Promise<void> {
  await delay(random.below(SPOILED_MAX_MS));
  if (!random.chance(0.15)) return;
  await lab.stopAgent();
  await lab.startAgent();
}

interface Wanted {
  readonly generation: number;
  readonly revision: number;
  readonly state: "in-place" | "empty";
}

/** Null once page, server and host agree on what was asked for; else what they say when the time is over. */
async function converged(lab: WayLab, id: string, { generation, revision, state }: Wanted, maxMs: number): Promise<string | null> {
  const deadline = performance.now() + maxMs;
  for (;;) {
    const page = (await lab.client.topology.list.query()).find((one) => one.id === id)?.deployment;
    const host = lab.agent?.deployments.inventory().find(({ topologyId }) => topologyId === id)?.deployment;
    const fence = lab.agent?.deployments.fenceOf(id);
    const agreed = page?.state === state && fence?.generation === generation &&
      (state === "empty" ? host === undefined : page.revision === revision && host?.state === "in-place" && host.generation === generation);
    if (agreed) return null;
    if (performance.now() > deadline) return `asked for ${state} at generation ${generation}; the page says ${page?.state}, the host ${host?.state ?? "nothing"} at ${fence?.generation ?? 0}`;
    await delay(15);
  }
}
