import type { WorkloadProcess } from "@vpclab/shared/plan/kernel-state";
import { resolverArgs, resolverConfiguration } from "@vpclab/shared/plan/resolver-configuration";
import type { ConfinedCommand } from "../host/confinement";
import type { Programs } from "../host/node-program";
import { confinedNode } from "../host/node-program";
import { EXIT_MEANING } from "./web-server-exit";
import { webServerArgs } from "./workload-args";

export interface WorkloadLaunch extends Omit<ConfinedCommand, "netns"> {
  /** For messages. */
  readonly called: string;
  readonly exitMeaning: Readonly<Record<number, string>>;
}

export interface LaunchOptions {
  readonly programs: Pick<Programs, "webServer">;
  /** Node as the program has it. */
  readonly nodePath: string;
}

/** dnsmasq(8), EXIT CODES. */
const RESOLVER_EXIT: Readonly<Record<number, string>> = {
  1: "dnsmasq does not understand its configuration",
  2: "its addresses are not there, or another program listens on them already",
};

export function workloadLaunch({ programs, nodePath }: LaunchOptions, workload: WorkloadProcess): WorkloadLaunch {
  if (workload.kind === "resolver") {
    const argv = ["dnsmasq", "--keep-in-foreground", ...resolverArgs(workload)] as const;
    return { argv, stdin: resolverConfiguration(workload), called: "resolver", exitMeaning: RESOLVER_EXIT };
  }
  return { argv: confinedNode(nodePath, webServerArgs(workload)), stdinFile: programs.webServer, called: "web server", exitMeaning: EXIT_MEANING };
}
