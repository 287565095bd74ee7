import { readIdMaps } from "../apps/agent/src/host/id-maps";
import { createCommandRunner } from "../apps/agent/src/host/run-command";
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

/** The real kernel with a sandbox's host, as the agent opens it. `webServer`: the program of that name, empty where none is drawn. */
export function openMachine(webServer: string): SandboxMachine {
  const runner = createCommandRunner();
  const idMaps = readIdMaps();
  const workloads = new LinuxWorkloads({ runner, idMaps, programs: { webServer } });
  const kernel = new LinuxKernel({ hostNetns: SANDBOX_HOST_NETNS, uplink: SANDBOX_UPLINK, idMaps, workloads, sockets: new NamespaceSockets() });
  return { kernel, sandbox: new Sandbox({ agentId: AGENT_ID, kernel }) };
}
