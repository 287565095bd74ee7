import type { WorkloadProcess } from "@vpclab/shared/plan/kernel-state";
import { resolverArgs, resolverConfiguration } from "@vpclab/shared/plan/resolver-configuration";
import { missingProgram } from "../host/command-error";
import type { LongCommand } from "../host/command-runner";
import type { Programs } from "../host/node-program";
import { nodeLaunch } from "../host/node-program";
import { EXIT_MEANING } from "./web-server-exit";
import { webServerArgs } from "./workload-args";

/** How a program of the drawing is started, and what its end means. */
export interface WorkloadLaunch {
  readonly argv: readonly string[];
  readonly input: Pick<LongCommand, "stdin" | "stdinFile" | "extraFiles">;
  /** For a person: `web server`. */
  readonly called: string;
  readonly exitMeaning: Readonly<Record<number, string>>;
}

export interface LaunchOptions {
  readonly programs: Pick<Programs, "webServer">;
  /** Node that runs our own programs; the agent's own unless told otherwise. */
  readonly nodePath?: string;
}

/** What a launcher exits with when it cannot find the program (env(1)). */
const NOT_FOUND = 127;

/** dnsmasq(8), EXIT CODES. */
const RESOLVER_EXIT: Readonly<Record<number, string>> = {
  1: "dnsmasq does not understand its configuration",
  2: "its addresses are not there, or another program listens on them already",
  [NOT_FOUND]: missingProgram("dnsmasq"),
};

export function workloadLaunch({ programs, nodePath }: LaunchOptions, workload: WorkloadProcess): WorkloadLaunch {
  if (workload.kind === "resolver") {
    const argv = ["dnsmasq", "--keep-in-foreground", ...resolverArgs(workload)];
    return { argv, input: { stdin: resolverConfiguration(workload) }, called: "resolver", exitMeaning: RESOLVER_EXIT };
  }
  const { argv, extraFiles } = nodeLaunch(webServerArgs(workload), nodePath);
  return { argv, input: { stdinFile: programs.webServer, extraFiles }, called: "web server", exitMeaning: EXIT_MEANING };
}
