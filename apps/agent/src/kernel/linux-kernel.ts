import type { Kernel, StepFailure } from "@vpclab/shared/plan/kernel";
import type { SeenKernel } from "@vpclab/shared/plan/kernel-state";
import type { Step } from "@vpclab/shared/plan/step";
import { apply } from "./apply";
import type { KernelOptions } from "./kernel-options";
import { observe } from "./observe";

/** The Linux kernel behind the `Kernel` port: iproute2 and nftables in as few processes as can be. */
export class LinuxKernel implements Kernel {
  constructor(private readonly options: KernelOptions) {}

  observe(namespaces: readonly string[]): Promise<SeenKernel> {
    return observe(this.options, namespaces);
  }

  apply(steps: readonly Step[], onStart?: (objectId: string) => void): Promise<readonly StepFailure[]> {
    return apply(this.options, steps, onStart);
  }
}
