import type { Kernel } from "@vpclab/shared/plan/kernel";
import { resolverConfiguration } from "@vpclab/shared/plan/resolver-configuration";
import { commandOf } from "@vpclab/shared/plan/render";
import type { Step } from "@vpclab/shared/plan/step";
import { shownNode } from "../apps/agent/src/host/node-program";
import type { IdMaps } from "../apps/agent/src/host/id-maps";
import { workloadLaunch } from "../apps/agent/src/workloads/workload-launch";
import { commandFault } from "./grammar/command";
import { isProgram, resolverFault } from "./grammar/programs";
import type { Tally } from "./tally";

export interface RecordedOptions {
  readonly hostNetns: string;
  readonly idMaps: IdMaps;
  readonly webServer: string;
}

/** A kernel before which every step is held against the grammar: as the command that it is, and as the process that it starts. */
export function recordedKernel(kernel: Kernel, tally: Tally, options: RecordedOptions): Kernel {
  return {
    observe: (names) => kernel.observe(names),
    hostNetworks: () => kernel.hostNetworks(),
    apply(steps, ...ears) {
      for (const step of steps) judge(step, tally, options);
      return kernel.apply(steps, ...ears);
    },
  };
}

function judge(step: Step, tally: Tally, options: RecordedOptions): void {
  tally.saw(step.action.startsWith("nft") ? "nft scripts" : step.action.startsWith("resolv-conf") ? "files" : "commands");
  try {
    const fault = commandFault(commandOf(step, options));
    if (fault !== null) tally.fault("outside grammar", fault);
    if (step.action === "workload-start") judgeProgram(step, tally, options);
  } catch (error) {
    tally.fault("outside grammar", `${step.action} could not be written down: ${String(error)}`);
  }
}

/** What is started in an instance, as the last thing before it starts. */
export function judgeArgv(argv: readonly string[], tally: Tally): void {
  tally.saw("argument vectors");
  if (!isProgram(argv)) tally.fault("outside grammar", argv.join(" ").slice(0, 300));
}

function judgeProgram({ workload }: Extract<Step, { action: "workload-start" }>, tally: Tally, { webServer }: RecordedOptions): void {
  judgeArgv(workloadLaunch({ programs: { webServer }, nodePath: shownNode().target }, workload).argv, tally);
  const fault = workload.kind === "resolver" ? resolverFault(resolverConfiguration(workload)) : null;
  if (fault !== null) tally.fault("outside grammar", fault);
}
