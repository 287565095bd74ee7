import { userInfo } from "node:os";
import { randomUUID } from "node:crypto";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { HeldTopology, LocalAgent, LocalAnswers, LocalFacts, LocalParams } from "@vpclab/shared/wire/local-agent";
import type { ChangeOptions, ChangeResult, Edit, Lab, LabSnapshot, LabTopology, OnProgress, Place, Refusal } from "../lab/lab";
import { pause } from "../lab/pause";
import { localActor } from "./actor";
import { loadLocalAgent } from "./open-local-agent";

export interface LocalLabOptions {
  readonly stateDir: string;
  readonly mode: LocalFacts["mode"] | null;
  readonly uplink: string | null;
  readonly policy: string | null;
  /** Folder of the agent's bundle; null: beside this program's. */
  readonly agentDist: string | null;
  readonly sudoUser: string | null;
  /** How long to wait for another vpcctl that works with this state directory. */
  readonly waitMs: number;
}

export async function openLocalLab(options: LocalLabOptions): Promise<Lab> {
  const { openLocalAgent } = await loadLocalAgent(options.agentDist);
  const { stateDir, mode, uplink, policy, waitMs } = options;
  const agent = await openLocalAgent({ stateDir, mode, uplink, policy, waitMs });
  try {
    return new LocalLab(agent, await agent.ask("facts", {}), localActor(userInfo().username, options.sudoUser));
  } catch (error) {
    await agent.close();
    throw error;
  }
}

/** Somebody else was faster: read anew and edit again, so many times. */
const TRIES = 5;
/** Counters are read once a second. */
const COUNTERS_EVERY_MS = 1000;

/** This machine's own agent. Its topologies are the documents that it holds: there is no other place for them. */
export class LocalLab implements Lab {
  readonly place: Place;
  /** Refusals of jobs, which the agent has noted itself. */
  readonly #seen = new WeakSet<Error>();

  constructor(private readonly agent: LocalAgent, facts: LocalFacts, private readonly actor: string) {
    this.place = {
      kind: "local", label: `this machine (${facts.mode})`, mode: facts.mode, publicPool: facts.publicPool, sameMachine: true,
      hostNetns: facts.hostNetns, uplink: facts.uplink,
    };
  }

  async list(): Promise<readonly LabTopology[]> {
    const held = await this.agent.ask("held", {});
    return held.map(({ topologyId: id, name, revision, document, deployment }) => ({
      id, name, revision, state: deployment.state, vpcs: document.vpcs.length, subnets: document.subnets.length, instances: document.instances.length,
    }));
  }

  async read(name: string): Promise<LabSnapshot> {
    return snapshotOf(await this.held(name));
  }

  async change(name: string, edit: Edit, { create, onProgress }: ChangeOptions): Promise<ChangeResult> {
    for (let left = TRIES; ; left -= 1) {
      const found = await this.find(name);
      if (!found && !create) throw unknownTopology(name);
      try {
        return await this.changeFrom(name, found, edit, onProgress);
      } catch (error) {
        const isLate = error instanceof AppError && error.code === "CONFLICT" && found?.authority !== "server" && this.#seen.has(error);
        if (isLate) this.#seen.delete(error);
        if (left <= 1 || !isLate) throw error;
      }
    }
  }

  async cancel(name: string) {
    const { topologyId } = await this.held(name);
    return this.order("cancel", { topologyId, actor: this.actor });
  }

  async plan(name: string, desired: Topology | null) {
    const found = await this.find(name);
    return this.agent.ask("plan", { topologyId: found?.topologyId ?? randomUUID(), topologyName: name, desired });
  }

  async teardown(name: string, onProgress?: OnProgress) {
    const { topologyId, revision } = await this.held(name);
    const { deployment, failure } = await this.order("apply", { topologyId, topologyName: name, baseRevision: revision, desired: null, actor: this.actor }, onProgress);
    return { deployment, failure };
  }

  async remove(name: string, onProgress?: OnProgress): Promise<void> {
    const { failure } = await this.teardown(name, onProgress);
    if (failure) throw new AppError(failure.code, failure.message, { issues: failure.issues });
  }

  async probe(name: string, probe: Parameters<Lab["probe"]>[1]) {
    const { topologyId } = await this.held(name);
    return this.order("probe", { topologyId, probe: { ...probe, probeId: randomUUID() }, actor: this.actor });
  }

  async measure(name: string, request: Parameters<Lab["measure"]>[1]) {
    const { topologyId } = await this.held(name);
    return this.order("measure", { topologyId, request, actor: this.actor });
  }

  async *counters(name: string, signal: AbortSignal) {
    const { topologyId } = await this.held(name);
    while (!signal.aborted) {
      yield await this.agent.ask("counters", { topologyId });
      await pause(COUNTERS_EVERY_MS, signal);
    }
  }

  async activity(name: string | null, last: number) {
    // Of one topology the newest are asked for among all that are kept.
    const entries = await this.agent.ask("activity", { last: name === null ? last : ACTIVITY_MAX });
    return name === null ? entries : entries.filter((entry) => entry.topologyName === name).slice(-last);
  }

  async noteRefusal({ topologyName, action, text, error }: Refusal): Promise<void> {
    if (this.#seen.has(error)) return;
    const reason = [`${error.code}: ${error.message}`, ...error.issues.map(({ message }) => message).filter((message) => message !== error.message)].join(" ");
    const cut = (whole: string, most: number) => (whole.length > most ? `${whole.slice(0, most - 1)}…` : whole);
    await this.agent.ask("refusal", {
      topologyName: cut(topologyName, NAME_CHARS_MAX), action: cut(action, ACTION_CHARS_MAX), text: cut(text, TEXT_CHARS_MAX), reason: cut(reason, TEXT_CHARS_MAX), actor: this.actor,
    });
  }

  close(): Promise<void> {
    return this.agent.close();
  }

  private async changeFrom(name: string, found: HeldTopology | null, edit: Edit, onProgress?: OnProgress): Promise<ChangeResult> {
    // Only who edits needs the rules of topologies.
    const { editedDocument, EMPTY_TOPOLOGY } = await import("../lab/edited-document");
    const before = found?.document ?? EMPTY_TOPOLOGY;
    const after = editedDocument(before, edit);
    const target = { topologyId: found?.topologyId ?? randomUUID(), topologyName: name };
    const params = { ...target, baseRevision: found?.revision ?? 0, desired: after, actor: this.actor };
    const { revision, deployment, failure } = await this.order("apply", params, onProgress);
    return { before, after, revision, deployment, failure };
  }

  /** What becomes a job: when that is refused, the agent notes it. */
  private order<M extends "apply" | "cancel" | "probe" | "measure">(method: M, params: LocalParams<M>, onProgress?: OnProgress): Promise<LocalAnswers[M]> {
    return this.agent.ask(method, params, onProgress).catch((error: unknown) => {
      if (error instanceof Error) this.#seen.add(error);
      throw error;
    });
  }

  private async find(name: string): Promise<HeldTopology | null> {
    return (await this.agent.ask("held", {})).find((held) => held.name === name) ?? null;
  }

  private async held(name: string): Promise<HeldTopology> {
    const found = await this.find(name);
    if (!found) throw unknownTopology(name);
    return found;
  }
}

const ACTIVITY_MAX = 10_000;
/** As the agent takes them. */
const [NAME_CHARS_MAX, ACTION_CHARS_MAX, TEXT_CHARS_MAX] = [64, 32, 1000];

const snapshotOf = ({ topologyId: id, name, revision, document, deployment }: HeldTopology): LabSnapshot => ({ id, name, revision, document, deployment });

const unknownTopology = (name: string): AppError =>
  new AppError("NOT_FOUND", `There is no topology “${name}” here; vpcctl list shows those that are.`);
