import { dirname, join } from "node:path";
import type { SeenKernel } from "@vpclab/shared/plan/kernel-state";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import type { Topology } from "@vpclab/shared/topology/topology";
import { listNetnsNames } from "../apps/agent/src/host/netns";
import type { SigningKey } from "../apps/agent/src/link/ed25519";
import { SANDBOX_NAMESPACES } from "../apps/agent/src/sandbox/sandbox-state";
import type { Fingerprint } from "../prove/fingerprint";
import { fingerprintDifferences } from "../prove/fingerprint";
import { kernelDifferences } from "../prove/same-kernel";
import type { KillPoint } from "./kill-points";
import { runVictim } from "./run-victim";
import { type Documents, perform, prepare, type Scenario, SCENARIOS, type Stage, TOPOLOGY_ID, TOPOLOGY_NAME } from "./scenario";
import { openMachine, type SandboxMachine } from "../prove/machine";
import { openEngine, WEB_SERVER_PROGRAM } from "./stage";

export interface KillEnd {
  readonly killed: boolean;
  /** Why it is not as it should be after the restart; null: it converged. */
  readonly stuck: string | null;
  readonly leaks: readonly string[];
}

export interface EngineTortureOptions {
  readonly folder: string;
  readonly program: string;
  readonly key: SigningKey;
  readonly documents: Documents;
  readonly look: () => Fingerprint;
}

const CONVERGE_MAX_MS = 10_000;

/** Kills engines and starts others on what they left: on disk and in the kernel. */
export class EngineTorture {
  readonly #options: EngineTortureOptions;
  readonly #machine: SandboxMachine;
  readonly #before: Fingerprint;
  /** How each document looks in the kernel when nobody is killed. */
  readonly #undisturbed = new Map<Topology, SeenKernel>();

  private constructor(options: EngineTortureOptions) {
    this.#options = options;
    this.#machine = openMachine({ webServer: join(options.folder, WEB_SERVER_PROGRAM), launchThread: join(dirname(options.program), "launch-thread.mjs") });
    this.#before = options.look();
  }

  static async open(options: EngineTortureOptions): Promise<EngineTorture> {
    const torture = new EngineTorture(options);
    const stage = await torture.#start();
    await stage.sandbox.ensure();
    for (const document of [options.documents.first, options.documents.second]) {
      await stage.engine.apply(TOPOLOGY_ID, TOPOLOGY_NAME, document);
      torture.#undisturbed.set(document, await torture.#observe());
    }
    await torture.#clear(stage);
    return torture;
  }

  /** How many side effects each scenario has, undisturbed. */
  async count(): Promise<Record<Scenario, number>> {
    const counts = Object.fromEntries(SCENARIOS.map((scenario) => [scenario, 0])) as Record<Scenario, number>;
    for (const scenario of SCENARIOS) {
      await prepare(scenario, await this.#start());
      counts[scenario] = (await this.#victim({ scenario, at: 0, moment: "before" })).effects ?? 0;
      await this.#clear(await this.#restarted());
    }
    return counts;
  }

  async kill(point: KillPoint): Promise<KillEnd> {
    await prepare(point.scenario, await this.#start());
    const { killed } = await this.#victim(point);
    if (point.again !== null) await this.#victim({ scenario: "boot", at: point.again, moment: point.moment });
    const startedAt = performance.now();
    const stage = await this.#restarted();
    const stuck = await this.#converge(stage, point.scenario).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    const tookMs = performance.now() - startedAt;
    return {
      killed, stuck: stuck ?? (tookMs > CONVERGE_MAX_MS ? `only after ${Math.round(tookMs)} ms` : null),
      leaks: await this.#clear(stage),
    };
  }

  /** Null, or what is not as if nobody had been killed. */
  async #converge({ engine, documents }: Stage, scenario: Scenario): Promise<string | null> {
    const goal = { apply: documents.first, change: documents.second, "tear-down": null, boot: documents.first, stop: documents.first }[scenario];
    await engine.apply(TOPOLOGY_ID, TOPOLOGY_NAME, goal);
    const wanted = goal ? this.#undisturbed.get(goal) : null;
    const differences = wanted ? kernelDifferences(await this.#observe(), wanted) : [];
    return differences.length > 0 ? differences.slice(0, 5).join("; ") : null;
  }

  /** Takes everything away; what is left. */
  async #clear({ engine, sandbox }: Stage): Promise<string[]> {
    await engine.apply(TOPOLOGY_ID, TOPOLOGY_NAME, null);
    await sandbox.remove();
    const inLedger = engine.stores.ledger.namespacesOf(TOPOLOGY_ID).map((name) => `ledger: left ${name}`);
    return [...fingerprintDifferences(this.#before, this.#options.look()), ...inLedger];
  }

  async #start(): Promise<Stage> {
    const { folder, key, documents } = this.#options;
    return { documents, sandbox: this.#machine.sandbox, engine: await openEngine(folder, key, this.#machine.kernel) };
  }

  /** As the agent starts: its surroundings first, then what it had accepted. */
  async #restarted(): Promise<Stage> {
    const stage = await this.#start();
    await perform("boot", stage);
    return stage;
  }

  #victim(point: Omit<KillPoint, "again">): ReturnType<typeof runVictim> {
    const { folder, program, key } = this.#options;
    return runVictim(program, { folder, keySeed: key.seed, ...point });
  }

  #observe(): Promise<SeenKernel> {
    const ours = listNetnsNames().filter((name) => !this.#before["namespaces"]?.some((line) => line.startsWith(`${name} `)));
    const sandbox: readonly string[] = SANDBOX_NAMESPACES;
    return this.#machine.kernel.observe([...ours.filter((name) => !sandbox.includes(name)), HOST_NAMESPACE]);
  }
}
