import type { HostNetwork, Kernel, StepFailure } from "@vpclab/shared/plan/kernel";
import type { SeenKernel } from "@vpclab/shared/plan/kernel-state";
import type { Step } from "@vpclab/shared/plan/step";
import { apply } from "./apply";
import { hostNetworks } from "./host-networks";
import type { KernelOptions } from "./kernel-options";
import { NftContexts } from "./nft-contexts";
import { ObserveMemory, observe } from "./observe";

/** The Linux kernel behind the `Kernel` port: netlink and nftables on the agent's own thread, programs for workloads only. */
export class LinuxKernel implements Kernel {
  private readonly contexts = new NftContexts();
  private readonly memory = new ObserveMemory();

  constructor(private readonly options: KernelOptions) {}

  observe(namespaces: readonly string[]): Promise<SeenKernel> {
    return observe(this.options, this.memory, namespaces);
  }

  async hostNetworks(): Promise<readonly HostNetwork[]> {
    return hostNetworks(this.options.hostNetns);
  }

  async apply(steps: readonly Step[], onStart?: (objectId: string) => void, isStopped?: () => boolean): Promise<readonly StepFailure[]> {
    for (const step of steps) if (step.action === "netns-delete") this.memory.forget(step.namespace);
    return apply(this.options, this.contexts, steps, { onStart, isStopped });
  }
}
