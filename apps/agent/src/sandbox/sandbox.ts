import { AppError } from "@vpclab/shared/errors/app-error";
import type { Kernel, StepFailure } from "@vpclab/shared/plan/kernel";
import type { SeenNamespace } from "@vpclab/shared/plan/kernel-state";
import { parseMark } from "@vpclab/shared/plan/mark";
import { planChanges } from "@vpclab/shared/plan/plan";
import type { Step } from "@vpclab/shared/plan/step";
import { SANDBOX_NAMESPACES, SANDBOX_TOPOLOGY_ID, sandboxState, withoutTopologies } from "./sandbox-state";

export interface SandboxOptions {
  readonly agentId: string;
  readonly kernel: Kernel;
}

/** A host and an internet made of two namespaces: the machine's own network stays as it is, and no network is needed. */
export class Sandbox {
  constructor(private readonly options: SandboxOptions) {}

  /**
   * Makes the sandbox, or mends what is missing of it; nothing is written when all is there. Throws KERNEL_REFUSED when
   * namespaces of these names belong to somebody else, or when the kernel refuses a step. Answers with the steps that it took.
   */
  async ensure(): Promise<readonly Step[]> {
    const { agentId, kernel } = this.options;
    const seen = await kernel.observe(SANDBOX_NAMESPACES);
    for (const namespace of Object.values(seen)) this.refuseForeign(namespace);
    const scope = { agentId, topologyId: SANDBOX_TOPOLOGY_ID };
    const steps = planChanges(sandboxState(agentId), withoutTopologies(seen), scope);
    throwFirst(await kernel.apply(steps));
    return steps;
  }

  /** Removes both namespaces with everything in them; other topologies' links to the host's go with it. */
  async remove(): Promise<void> {
    const { agentId, kernel } = this.options;
    const seen = await kernel.observe(SANDBOX_NAMESPACES);
    for (const namespace of Object.values(seen)) this.refuseForeign(namespace);
    const scope = { agentId, topologyId: SANDBOX_TOPOLOGY_ID, ledger: SANDBOX_NAMESPACES };
    throwFirst(await kernel.apply(planChanges({}, seen, scope)));
  }

  private refuseForeign(seen: SeenNamespace): void {
    const mark = parseMark(seen.mark);
    if (mark?.agentId === this.options.agentId && mark.topologyId === SANDBOX_TOPOLOGY_ID) return;
    // Without mark and without links: an earlier start of ours was killed before it could mark it.
    if (seen.mark === "" && seen.links.length === 0) return;
    const [whose, way] = mark
      ? [`the vpclab agent ${mark.agentId}, which has another state directory`, "Name that directory (--state), or, when it is lost, remove all that any vpclab agent made here: vpcctl purge --all"]
      : ["somebody else", `Remove it when nobody needs it: ip netns delete ${seen.name}`];
    throw new AppError("KERNEL_REFUSED", `The network namespace ${seen.name} exists already and belongs to ${whose}. ${way}`);
  }
}

function throwFirst(failures: readonly StepFailure[]): void {
  const [first] = failures;
  if (!first) return;
  throw new AppError("KERNEL_REFUSED", `The sandbox cannot be made: ${first.step.action} in ${first.step.namespace}: ${first.reason}`);
}
