import { join } from "node:path";
import { inject } from "vitest";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { CompileContext } from "@vpclab/shared/plan/compile-context";
import { compileTopology } from "@vpclab/shared/plan/compile";
import type { StepFailure } from "@vpclab/shared/plan/kernel";
import { HOST_NAMESPACE, type KernelState } from "@vpclab/shared/plan/kernel-state";
import { planChanges } from "@vpclab/shared/plan/plan";
import type { Step } from "@vpclab/shared/plan/step";
import { testContext } from "@vpclab/shared/testing/builders";
import type { Command, CommandRunner } from "../../src/host/command-runner";
import { readIdMaps } from "../../src/host/id-maps";
import type { ConfinementOptions } from "../../src/host/confinement";
import { Confinement } from "../../src/host/confinement";
import type { Programs } from "../../src/host/node-program";
import { InstanceCgroups } from "../../src/host/instance-cgroups";
import { createCommandRunner } from "../../src/host/run-command";
import { LinuxKernel } from "../../src/kernel/linux-kernel";
import { NamespaceSockets } from "../../src/kernel/namespace-sockets";
import { BUILT_IN_POLICY } from "../../src/policy/policy";
import { Sandbox } from "../../src/sandbox/sandbox";
import { INTERNET_DNS_ADDRESS, SANDBOX_HOST_NETNS, SANDBOX_UPLINK } from "../../src/sandbox/sandbox-state";
import { LinuxWorkloads } from "../../src/workloads/linux-workloads";

export const AGENT_ID = "agent-1";
export const idMaps = readIdMaps();

/** The real runner, with everything it ran written down. */
export function recordingRunner(): CommandRunner & { readonly commands: Command[] } {
  const real = createCommandRunner();
  const commands: Command[] = [];
  return {
    commands,
    tryRun: (command) => (commands.push(command), real.tryRun(command)),
    run: (command) => (commands.push(command), real.run(command)),
  };
}

export interface LabOptions {
  readonly runner: CommandRunner & { readonly commands: Command[] };
  /** Null: the test's own namespace is the host. */
  readonly hostNetns: string | null;
  readonly uplink: string;
}

/** An agent's kernel half, on a sandbox unless told otherwise, with the steps of plan and apply in one call. */
export class Lab {
  private readonly options: LabOptions;

  constructor(options: Partial<LabOptions> = {}) {
    this.options = { runner: recordingRunner(), hostNetns: SANDBOX_HOST_NETNS, uplink: SANDBOX_UPLINK, ...options };
    this.runner = this.options.runner;
    this.kernel = new LinuxKernel({
      ...this.options, idMaps, workloads: new LinuxWorkloads(this),
      sockets: this.sockets,
    });
    this.sandbox = new Sandbox({ agentId: AGENT_ID, kernel: this.kernel });
  }

  readonly runner: LabOptions["runner"];
  readonly kernel: LinuxKernel;
  readonly sockets = new NamespaceSockets();
  readonly sandbox: Sandbox;
  readonly programs: Programs = { webServer: join(inject("programs"), "web-server.mjs"), prober: join(inject("programs"), "prober.mjs"), launchThread: join(inject("programs"), "launch-thread.mjs") };
  readonly confinement = this.newConfinement();
  private readonly known = new Set<string>([HOST_NAMESPACE]);

  newConfinement(options: Partial<ConfinementOptions> = {}): Confinement {
    return new Confinement({ launchThread: this.programs.launchThread, idMaps, limits: BUILT_IN_POLICY.rules.perInstance, cgroups: new InstanceCgroups(AGENT_ID), ...options });
  }

  wanted(document: Topology, overrides: Partial<CompileContext> = {}): KernelState {
    return compileTopology(document, this.context(document, overrides));
  }

  context(document: Topology, overrides: Partial<CompileContext> = {}): CompileContext {
    return testContext(document, { host: { uplink: this.options.uplink, uplinkForwardingBefore: "0", publicPool: this.options.hostNetns !== null, otherGateways: [], otherAccessLinks: [], closedVpcs: [], dnsUpstreams: this.options.hostNetns === null ? [] : [INTERNET_DNS_ADDRESS] }, ...overrides });
  }

  async plan(document: Topology, overrides: Partial<CompileContext> = {}): Promise<Step[]> {
    const wanted = this.wanted(document, overrides);
    for (const name of Object.keys(wanted)) this.known.add(name);
    const scope = { ...this.context(document, overrides), ledger: [...this.known] };
    return planChanges(wanted, await this.kernel.observe([...this.known]), scope);
  }

  async apply(document: Topology, overrides: Partial<CompileContext> = {}): Promise<readonly StepFailure[]> {
    return this.kernel.apply(await this.plan(document, overrides));
  }

  /** Tears everything down, in as few words. */
  async removeAll(): Promise<void> {
    const failures = await this.apply(EMPTY_TOPOLOGY);
    if (failures.length > 0) throw new Error(`tear down: ${JSON.stringify(failures)}`);
    await this.sandbox.remove();
  }

  /** Runs a command inside a namespace; its exit code and what it printed. */
  inside(namespace: string, ...argv: [string, ...string[]]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    return this.runner.tryRun({ file: "ip", args: ["netns", "exec", namespace, ...argv] });
  }

  /** Whether a ping comes back: one packet, one second. */
  async pings(namespace: string, address: string): Promise<boolean> {
    return (await this.inside(namespace, "ping", "-n", "-c", "1", "-W", "1", address)).exitCode === 0;
  }
}
