import type { ConfinementOptions } from "../apps/agent/src/host/confinement";
import { Confinement } from "../apps/agent/src/host/confinement";
import { readIdMaps } from "../apps/agent/src/host/id-maps";
import { InstanceCgroups } from "../apps/agent/src/host/instance-cgroups";
import type { Programs } from "../apps/agent/src/host/node-program";
import { BUILT_IN_POLICY } from "../apps/agent/src/policy/policy";
import { LinuxKernel } from "../apps/agent/src/kernel/linux-kernel";
import { NamespaceSockets } from "../apps/agent/src/kernel/namespace-sockets";
import { Sandbox } from "../apps/agent/src/sandbox/sandbox";
import { SANDBOX_HOST_NETNS, SANDBOX_UPLINK } from "../apps/agent/src/sandbox/sandbox-state";
import { LinuxWorkloads } from "../apps/agent/src/workloads/linux-workloads";
import { AGENT_ID } from "./engine";

export interface SandboxMachine {
  readonly kernel: LinuxKernel;
  readonly sandbox: Sandbox;
}

/** The real kernel with a sandbox's host, as the agent opens it. `programs`: null where none is drawn; `note` hears of each that starts. */
export function openMachine(programs: Pick<Programs, "webServer" | "launchThread"> | null, note?: ConfinementOptions["note"]): SandboxMachine {
  const idMaps = readIdMaps();
  const { webServer, launchThread } = programs ?? { webServer: "", launchThread: "" };
  const confinement = new Confinement({ launchThread, idMaps, limits: BUILT_IN_POLICY.rules.perInstance, cgroups: new InstanceCgroups(AGENT_ID), ...(note ? { note } : {}) });
  const workloads = new LinuxWorkloads({ confinement, programs: { webServer } });
  const kernel = new LinuxKernel({ hostNetns: SANDBOX_HOST_NETNS, uplink: SANDBOX_UPLINK, idMaps, workloads, sockets: new NamespaceSockets() });
  return { kernel, sandbox: new Sandbox({ agentId: AGENT_ID, kernel }) };
}
