import type { StepFailure } from "@vpclab/shared/plan/kernel";
import { parseMark } from "@vpclab/shared/plan/mark";
import type { Step } from "@vpclab/shared/plan/step";
import { reasonFrom } from "../host/command-error";
import { lookUpNetns } from "../host/netns";
import { endProcessesInNetns } from "../host/processes";
import { batchLine } from "./batch-line";
import type { KernelOptions } from "./kernel-options";
import { parseLinks } from "./parse-links";
import type { Visit } from "./visit-namespaces";
import { failedLineOf, visitNamespaces, withoutMarkers } from "./visit-namespaces";

/** All `ip netns add` of a round in one process. */
export async function addNamespaces(options: KernelOptions, steps: readonly Step[]): Promise<StepFailure[]> {
  // A plain file under the name is what a killed `ip netns add` leaves; `ip netns delete` removes it.
  const leftovers = steps.filter((step) => lookUpNetns(step.namespace) === "leftover");
  await netnsBatch(options, "delete", leftovers);
  return netnsBatch(options, "add", steps);
}

/**
 * Ends the processes of the namespaces, then deletes them. Deleting a name while a process lives inside would only hide the
 * namespace (measured), so where processes do not go, nothing is deleted. A namespace without our mark is refused, unless
 * it is as new: nothing but `lo`, which is how a killed apply leaves one.
 */
export async function deleteNamespaces(options: KernelOptions, steps: readonly Step[]): Promise<StepFailure[]> {
  const existing = steps.filter((step) => lookUpNetns(step.namespace) !== "none");
  if (existing.length === 0) return [];
  const refused = await refusals(options, existing);
  const ours = existing.filter((step) => !refused.some((failure) => failure.step === step));
  const inodes = new Set(ours.map((step) => lookUpNetns(step.namespace)).filter((found) => typeof found === "number"));
  try {
    await endProcessesInNetns(inodes);
    const failures = await netnsBatch(options, "delete", ours);
    // Whoever came in by the name in between would keep a namespace without a name alive.
    await endProcessesInNetns(inodes);
    return [...refused, ...failures];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [...refused, ...ours.map((step) => ({ step, reason }))];
  }
}

interface StepVisit extends Visit {
  readonly step: Step;
}

async function refusals(options: KernelOptions, steps: readonly Step[]): Promise<StepFailure[]> {
  const real = steps.filter((step) => lookUpNetns(step.namespace) !== "leftover");
  const report = await visitNamespaces(options.runner, real.map((step): StepVisit => ({
    step, namespace: step.namespace, argv: ["ip", "-N", "-d", "-j", "address", "show"],
  })));
  const lines = report.runs.flatMap((run) => {
    const answers = run.stdout.split("\n");
    return run.visits.map(({ step }, index) => ({ step, json: answers[index] ?? "" }));
  });
  return [
    ...report.failures.map(({ visit, stderr }) => ({ step: visit.step, reason: reasonFrom(withoutMarkers(stderr), "cannot be entered") })),
    ...lines.filter(({ json }) => !mayDelete(json)).map(({ step }) => ({
      step, reason: `namespace ${step.namespace} does not carry vpclab's mark: it is left alone`,
    })),
  ];
}

function mayDelete(json: string): boolean {
  const { mark, links } = parseLinks(JSON.parse(json));
  return parseMark(mark) !== null || (mark === "" && links.length === 0);
}

/** One `ip -batch` for all; it stops at a failing line, so it is started again behind it. */
async function netnsBatch(options: KernelOptions, verb: "add" | "delete", steps: readonly Step[]): Promise<StepFailure[]> {
  const failures: StepFailure[] = [];
  for (let rest = steps; rest.length > 0;) {
    const stdin = rest.map((step) => `${batchLine(["netns", verb, step.namespace])}\n`).join("");
    const { exitCode, stderr } = await options.runner.tryRun({ file: "ip", args: ["-batch", "-"], stdin });
    if (exitCode === 0) break;
    const index = (failedLineOf(stderr, "-") ?? 1) - 1;
    const step = rest[index];
    if (step) failures.push({ step, reason: reasonFrom(withoutMarkers(stderr), `ip netns ${verb} failed`) });
    rest = rest.slice(index + 1);
  }
  return failures;
}
