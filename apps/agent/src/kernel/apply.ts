import type { StepFailure } from "@vpclab/shared/plan/kernel";
import { NOT_BEGUN } from "@vpclab/shared/plan/kernel";
import type { Step } from "@vpclab/shared/plan/step";
import { inNamespace } from "../host/in-namespace";
import { deleteNamespaces } from "./apply-namespaces";
import type { InsideStep } from "./apply-step";
import { applyStep, isInside } from "./apply-step";
import { applyWorkloads, endStrays } from "./apply-workloads";
import { Breather } from "./breather";
import type { KernelOptions } from "./kernel-options";
import { addNamespace } from "./namespaces";
import { NETLINK_ROUTE, NetlinkSocket } from "./netlink/netlink-socket";
import type { NftContexts } from "./nft-contexts";
import { netnsNameOf } from "./place";
import { removeResolvConf, writeResolvConf } from "./resolv-conf";
import { SysctlFiles } from "./sysctls";

/** Both as the port has them (plan/kernel.ts). */
interface Ears {
  readonly onStart: ((objectId: string) => void) | undefined;
  readonly isStopped: (() => boolean) | undefined;
}

/**
 * Runs a plan in its order. After a failure the rest of that namespace's steps is not run, other namespaces go on; what
 * was done before stays, so the caller observes again. `onStart` hears each object once, when work for it begins.
 */
export async function apply(options: KernelOptions, contexts: NftContexts, steps: readonly Step[], { onStart, isStopped = () => false }: Ears): Promise<readonly StepFailure[]> {
  const failures: StepFailure[] = [];
  const started = new Set<string>();
  const breather = new Breather();
  for (const stretch of stretches(steps)) {
    await breather.pause();
    const stopped = new Set(failures.map((failure) => failure.step.namespace));
    const due = stretch.filter((step) => !stopped.has(step.namespace));
    if (!isStopped()) announce(due, started, onStart);
    failures.push(...(isStopped() ? notBegun(due) : await runStretch(options, contexts, due, isStopped)));
  }
  await endStrays(options, steps);
  return failures;
}

/**
 * Steps that follow each other and are done together: those inside one namespace with one visit, deletions of namespaces
 * with one look at all processes, programs side by side.
 */
function* stretches(steps: readonly Step[]): Generator<readonly Step[]> {
  let start = 0;
  for (let end = 1; end <= steps.length; end++) {
    const [first, next] = [steps[start], steps[end]];
    if (first && next && placeOf(first) === placeOf(next)) continue;
    yield steps.slice(start, end);
    start = end;
  }
}

function placeOf(step: Step): string {
  if (isInside(step)) return `inside ${step.namespace}`;
  return step.action === "workload-stop" ? "workload-start" : step.action;
}

/** The first of each namespace speaks for the rest of it. */
const notBegun = (steps: readonly Step[]): StepFailure[] =>
  [...new Set(steps.map(({ namespace }) => namespace))].flatMap((name) => steps.find(({ namespace }) => namespace === name) ?? []).map((step) => ({ step, reason: NOT_BEGUN }));

async function runStretch(options: KernelOptions, contexts: NftContexts, steps: readonly Step[], isStopped: () => boolean): Promise<StepFailure[]> {
  const [first] = steps;
  if (!first) return [];
  const inside = steps.filter(isInside);
  if (inside.length > 0) return applyInside(options, contexts, inside);
  if (first.action === "netns-delete") return deleteNamespaces(options, contexts, steps);
  if (first.action === "workload-start" || first.action === "workload-stop") return applyWorkloads(options, steps, isStopped);
  return steps.flatMap((step) => attempt(step, () => applyOutside(step)) ?? []);
}

/** What concerns names: of namespaces, and of what is kept for them. */
function applyOutside(step: Step): void {
  if (step.action === "netns-add") addNamespace(step.namespace);
  else if (step.action === "resolv-conf-write") writeResolvConf(step.namespace, step.text);
  else if (step.action === "resolv-conf-delete") removeResolvConf(step.namespace);
}

/** Steps in one namespace up to the first that fails. */
function applyInside(options: KernelOptions, contexts: NftContexts, steps: readonly InsideStep[]): StepFailure[] {
  const [first] = steps;
  if (!first) return [];
  let failure: StepFailure | null = null;
  const entered = attempt(first, () => inNamespace(netnsNameOf(first.namespace, options.hostNetns), () => {
    const tools = { socket: new NetlinkSocket(NETLINK_ROUTE), sysctls: new SysctlFiles(), contexts };
    try {
      for (const step of steps) if ((failure ??= attempt(step, () => applyStep(options, tools, step)))) break;
    } finally {
      tools.socket.close();
      tools.sysctls.close();
    }
  }));
  return [failure ?? entered ?? []].flat();
}

function attempt(step: Step, work: () => void): StepFailure | null {
  try {
    work();
    return null;
  } catch (error) {
    return { step, reason: reasonOf(error) };
  }
}

/** The kernel's or the library's own words where there are any. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && "reason" in error) return String(error.reason);
  return error instanceof Error ? error.message : String(error);
}

function announce(steps: readonly Step[], started: Set<string>, onStart: (objectId: string) => void = () => undefined): void {
  for (const { owner } of steps) {
    if (started.has(owner.objectId)) continue;
    started.add(owner.objectId);
    onStart(owner.objectId);
  }
}
