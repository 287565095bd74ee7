import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cidrFrom } from "@vpclab/shared/net/cidr";
import type { KernelState, SeenKernel } from "@vpclab/shared/plan/kernel-state";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import type { Topology } from "@vpclab/shared/topology/topology";
import { isActive } from "@vpclab/shared/topology/effective";
import { planChanges } from "@vpclab/shared/plan/plan";
import { listNetnsNames } from "../apps/agent/src/host/netns";
import { generateSigningKey } from "../apps/agent/src/link/ed25519";
import { HOST_ADDRESS, SANDBOX_HOST_NETNS, SANDBOX_INTERNET_NETNS, SANDBOX_NAMESPACES, SANDBOX_TOPOLOGY_ID, sandboxState, withoutTopologies } from "../apps/agent/src/sandbox/sandbox-state";
import { AGENT_ID, Engine, NotInPlace } from "./engine";
import { type Fingerprint, lookInside } from "./fingerprint";
import { openMachine } from "./machine";
import { type Part, wholeOf } from "./parts";

export const POOL = cidrFrom("198.51.100.128/25");
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/** What was allocated rather than drawn: with the same, the same drawing must become the same kernel objects. */
const ALLOCATIONS = ["slots.json", "slots.json.mirror", "public-addresses.json", "public-addresses.json.mirror"];

/** A sandbox on the real kernel, in which engines bring topologies about. */
export class Ground {
  readonly #folder: string;
  readonly #key = generateSigningKey();
  // What is proved has no programs.
  readonly #kernel = openMachine(null).kernel;

  /** The sandbox's own namespaces, and those that were there before. */
  #around: ReadonlySet<string> = new Set();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<Ground> {
    const ground = new Ground(mkdtempSync("/run/prove-"));
    await ground.#bring(withoutPrograms(sandboxState(AGENT_ID)));
    // The internet finds the way to private addresses, so that whoever lets them in or out shows.
    for (const prefix of PRIVATE) execFileSync("ip", ["-n", SANDBOX_INTERNET_NETNS, "route", "add", prefix, "via", HOST_ADDRESS]);
    ground.#around = new Set(listNetnsNames());
    return ground;
  }

  /** Brings all of them about, one after the other; their public addresses. Throws NotInPlace. */
  async apply(engine: Engine, parts: readonly Part[]): Promise<Readonly<Record<string, string>>> {
    let publicAddresses = {};
    for (const { topologyId, name, document } of parts) publicAddresses = { ...publicAddresses, ...(await engine.apply(topologyId, name, withoutResolvers(document))).publicAddresses };
    const connected = new Set(wholeOf(parts).peerings.filter(isActive).map(({ id }) => id));
    for (const { topologyId, document } of parts) {
      const problem = engine.problemWith(topologyId, document, (id) => !connected.has(id));
      if (problem !== null) throw new NotInPlace(problem);
    }
    return publicAddresses;
  }

  /** An engine with empty records, or with the allocations of another one. */
  async engine(name: string, { publicPool, allocationsOf }: { publicPool: boolean; allocationsOf?: string }): Promise<Engine> {
    const stateDir = join(this.#folder, name);
    mkdirSync(stateDir, { mode: 0o700 });
    for (const file of allocationsOf === undefined ? [] : ALLOCATIONS) {
      const path = join(this.#folder, allocationsOf ?? "", file);
      if (existsSync(path)) cpSync(path, join(stateDir, file), { preserveTimestamps: true });
    }
    return Engine.open({ stateDir, kernel: this.#kernel, key: this.#key, publicPool: publicPool ? POOL : null });
  }

  forgetEngine(name: string): void {
    rmSync(join(this.#folder, name), { recursive: true, force: true });
  }

  /** Takes topologies down, and by force what is left of them; whether nothing was. */
  async takeDown(engine: Engine, parts: readonly Part[]): Promise<boolean> {
    let stuck = false;
    for (const { topologyId, name } of parts) {
      await engine.apply(topologyId, name, null).catch((error: unknown) => {
        if (!(error instanceof NotInPlace)) throw error;
        stuck = true;
      });
    }
    const left = listNetnsNames().filter((name) => !this.#around.has(name));
    for (const name of left) execFileSync("ip", ["netns", "delete", name]);
    return !stuck && left.length === 0;
  }

  /** Everything that topologies became: all namespaces but those around them, and the host's. */
  observe(): Promise<SeenKernel> {
    return this.#kernel.observe([...listNetnsNames().filter((name) => !this.#around.has(name)), HOST_NAMESPACE]);
  }

  /** The same as standard tools see it: also what the engine has no eyes for. */
  look(): Fingerprint {
    return lookInside([...listNetnsNames().filter((name) => !this.#around.has(name)).sort(), SANDBOX_HOST_NETNS]);
  }

  async close(): Promise<void> {
    await this.#bring({});
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #bring(state: KernelState): Promise<void> {
    const seen = withoutTopologies(await this.#kernel.observe(SANDBOX_NAMESPACES));
    const [failure] = await this.#kernel.apply(planChanges(state, seen, { agentId: AGENT_ID, topologyId: SANDBOX_TOPOLOGY_ID, ledger: SANDBOX_NAMESPACES }));
    if (failure) throw new Error(`the sandbox: ${failure.step.action}: ${failure.reason}`);
  }
}

/** Probes wait on every port in every namespace, 53 of the routers included. */
const withoutResolvers = (document: Topology): Topology => ({ ...document, vpcs: document.vpcs.map((vpc) => ({ ...vpc, dnsSupport: false })) });

const withoutPrograms = (state: KernelState): KernelState =>
  Object.fromEntries(Object.entries(state).map(([name, space]) => [name, { ...space, workloads: [] }]));
