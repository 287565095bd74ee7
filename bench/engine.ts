import { readFileSync } from "node:fs";
import { compileTopology } from "@vpclab/shared/plan/compile";
import type { CompileContext } from "@vpclab/shared/plan/compile-context";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { planChanges } from "@vpclab/shared/plan/plan";
import type { Step } from "@vpclab/shared/plan/step";
import { testContext } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { readIdMaps } from "../apps/agent/src/host/id-maps";
import { Confinement } from "../apps/agent/src/host/confinement";
import { BUILT_IN_POLICY } from "../apps/agent/src/policy/policy";
import { LinuxKernel } from "../apps/agent/src/kernel/linux-kernel";
import { NamespaceSockets } from "../apps/agent/src/kernel/namespace-sockets";
import { LinuxWorkloads } from "../apps/agent/src/workloads/linux-workloads";

export interface Applied {
  readonly ms: number;
  readonly steps: readonly Step[];
}

/** The agent's engine without agent and server: observe → plan → apply → observe → plan, in this process's own host namespace. */
export class Engine {
  readonly #context: CompileContext;
  readonly #names: readonly string[];
  readonly #kernel: LinuxKernel;

  /** `largest` names everything that will ever be applied: its transit slots and addresses are those of all others. */
  constructor(largest: Topology) {
    this.#context = testContext(largest);
    this.#names = [...new Set([...Object.keys(compileTopology(largest, this.#context)), HOST_NAMESPACE])];
    const idMaps = readIdMaps();
    // No instance has a program to run; looking for them is part of what is measured.
    const workloads = new LinuxWorkloads({ confinement: new Confinement({ launchThread: "", idMaps, limits: BUILT_IN_POLICY.rules.perInstance }), programs: { webServer: "" } });
    this.#kernel = new LinuxKernel({ hostNetns: null, uplink: "uplink0", idMaps, workloads, sockets: new NamespaceSockets() });
  }

  /** The plan for what is there now; changes nothing. */
  async plan(doc: Topology): Promise<readonly Step[]> {
    return planChanges(compileTopology(doc, this.#context), await this.#kernel.observe(this.#names), this.#context);
  }

  /** Throws when the kernel is not as drawn afterwards. */
  async apply(doc: Topology): Promise<Applied> {
    const started = performance.now();
    const steps = await this.plan(doc);
    const failures = steps.length > 0 ? await this.#kernel.apply(steps) : [];
    // With nothing to do the first look is also the last, as in the agent.
    const left = steps.length > 0 ? await this.plan(doc) : [];
    const ms = performance.now() - started;
    if (failures[0] !== undefined) throw new Error(`${JSON.stringify(failures[0].step)}: ${failures[0].reason}`);
    if (left.length > 0) throw new Error(`${left.length} steps are still to do, the first: ${JSON.stringify(left[0])}`);
    return { ms, steps };
  }
}

/**
 * How many processes (and threads) were ever started in this PID namespace, which is the benchmark's own. See
 * pid_namespaces(7).
 */
export const lastPid = (): number => Number(readFileSync("/proc/sys/kernel/ns_last_pid", "utf8"));
