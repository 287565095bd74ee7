import type { Cidr } from "@vpclab/shared/net/cidr";
import type { Kernel } from "@vpclab/shared/plan/kernel";
import { FakeKernel } from "@vpclab/shared/testing/fake-kernel";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ApplyJob } from "@vpclab/shared/wire/job";
import type { Deployment } from "@vpclab/shared/wire/live";
import type { AgentMessage } from "@vpclab/shared/wire/messages";
import type { Agent, AgentOptions } from "../../src/agent";
import { enrolledStateDir, newAgent, RecordingLog } from "./agent-fixture";
import { FakeServer } from "./fake-server";
import { applyJob, TOPOLOGY_ID } from "./job-fixture";

type Answer = Extract<AgentMessage, { type: "job-done" } | { type: "job-refused" }>;

/** `parent`: folder of its state, when that is to lie on a disk of its own. */
type Change = Partial<AgentOptions> & { readonly pool?: Cidr | null; readonly parent?: string };

/** More than a start that is waited for in vain. */
const APPLY_MS = 45_000;

/** An agent with a server that signs for it, and a clock that the test turns. */
export class AgentLab<K extends Kernel = FakeKernel> {
  readonly log = new RecordingLog();
  nowMs = 0;
  #jobs = 0;
  #generations = new Map<string, number>();

  private constructor(
    readonly kernel: K, readonly server: FakeServer, readonly home: Awaited<ReturnType<typeof enrolledStateDir>>, private readonly change: Change,
  ) {}

  agent!: Agent;

  static start(change: Change = {}): Promise<AgentLab> {
    return AgentLab.on(new FakeKernel(), change);
  }

  static async on<K extends Kernel>(kernel: K, { parent, ...change }: Change = {}): Promise<AgentLab<K>> {
    const home = await enrolledStateDir(undefined, parent);
    const lab = new AgentLab(kernel, await FakeServer.listen(() => home.identity.agentKey), home, change);
    await lab.#startAgent();
    return lab;
  }

  async #startAgent(): Promise<void> {
    const before = this.server.ofType("inventory").length;
    this.agent = await newAgent(this.home.stateDir, this.kernel, this.server.url, { log: this.log, nowMs: () => this.nowMs, ...this.change });
    await this.agent.start();
    await this.server.until(() => this.server.ofType("inventory").length > before);
  }

  async restart(): Promise<void> {
    await this.agent.stop();
    await this.#startAgent();
    await this.agent.deployments.settled();
  }

  async close(): Promise<void> {
    await this.agent.stop();
    await this.server.close();
    await this.home.remove();
  }

  /** Signs an apply with the topology's next generation and waits for its end, and for what follows for others. */
  async apply(desired: Topology | null, change: Partial<ApplyJob> = {}): Promise<Answer> {
    const jobId = `job-${++this.#jobs}`;
    const topologyId = change.topologyId ?? TOPOLOGY_ID;
    const generation = (this.#generations.get(topologyId) ?? 0) + 1;
    this.#generations.set(topologyId, generation);
    this.server.sendJob((common) => ({ ...applyJob({ desired, jobId, generation, ...change }), ...common }));
    const answer = (): Answer | undefined => [...this.server.ofType("job-done"), ...this.server.ofType("job-refused")].find((message) => message.jobId === jobId);
    await this.server.until(() => answer() !== undefined, APPLY_MS);
    await this.agent.deployments.settled();
    return answer()!;
  }

  /** As the agent does every five seconds. */
  async look(): Promise<void> {
    await this.agent.deployments.resync();
  }

  /** What the agent says of a topology now. */
  deployment(topologyId = TOPOLOGY_ID): Deployment | undefined {
    return this.agent.deployments.inventory().find((topology) => topology.topologyId === topologyId)?.deployment;
  }
}
