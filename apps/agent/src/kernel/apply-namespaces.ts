import type { StepFailure } from "@vpclab/shared/plan/kernel";
import { parseMark } from "@vpclab/shared/plan/mark";
import type { Step } from "@vpclab/shared/plan/step";
import { inNamespace } from "../host/in-namespace";
import { lookUpNetns } from "../host/netns";
import { endProcessesInNetns } from "../host/processes";
import { within } from "../host/within";
import { failureOfStep } from "./apply-workloads";
import type { KernelOptions } from "./kernel-options";
import { stepTimeoutOf } from "./kernel-options";
import { removeName } from "./namespaces";
import type { NftContexts } from "./nft-contexts";
import { removeResolvConf } from "./resolv-conf";
import { SeenNetworks } from "./seen-networks";

/**
 * Ends the processes of the namespaces, then deletes them. Deleting a name while a process lives inside would only hide the
 * namespace (measured), so where processes do not go, nothing is deleted; so would descriptors of our own, which are closed
 * first. A namespace without our mark is refused, unless it is as new: nothing but `lo`, which is how a killed apply leaves one.
 */
export async function deleteNamespaces(options: KernelOptions, contexts: NftContexts, steps: readonly Step[]): Promise<StepFailure[]> {
  const existing = steps.filter((step) => lookUpNetns(step.namespace) !== "none");
  // Somebody deleted the namespace; what was kept for its name is still there.
  const nameless = steps.filter((step) => !existing.includes(step));
  for (const { namespace } of nameless) removeResolvConf(namespace);
  const refused = existing.flatMap((step) => refusal(step) ?? []);
  const ours = existing.filter((step) => !refused.some((failure) => failure.step === step));
  const inodes = new Set(ours.map((step) => lookUpNetns(step.namespace)).filter((found) => typeof found === "number"));
  try {
    for (const { namespace } of ours) {
      options.sockets.drop(namespace);
      contexts.drop(namespace);
    }
    await within(stepTimeoutOf(options), `Removing ${ours.length === 1 ? "a namespace" : `${ours.length} namespaces`}`, async () => {
      await endProcessesInNetns(inodes);
      for (const { namespace } of ours) {
        removeResolvConf(namespace);
        removeName(namespace);
      }
      // Whoever came in by the name in between would keep a namespace without a name alive.
      await endProcessesInNetns(inodes);
      await options.workloads.forget([...ours, ...nameless].map(({ namespace }) => namespace));
    });
    return refused;
  } catch (error) {
    return [...refused, ...ours.map((step) => failureOfStep(step, error))];
  }
}

function refusal(step: Step): StepFailure | null {
  if (lookUpNetns(step.namespace) === "leftover") return null;
  try {
    const { mark, links } = inNamespace(step.namespace, () => new SeenNetworks().read(step.namespace, false)).network;
    if (parseMark(mark) !== null || (mark === "" && links.length === 0)) return null;
    return { step, reason: `namespace ${step.namespace} does not carry vpclab's mark: it is left alone` };
  } catch (error) {
    return { step, reason: `cannot be entered: ${textOf(error)}` };
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
