import type { StepFailure } from "@vpclab/shared/plan/kernel";
import { ipLine } from "@vpclab/shared/plan/render-ip";
import { nftDeleteScript, nftScript } from "@vpclab/shared/plan/render-nft";
import type { Step } from "@vpclab/shared/plan/step";
import { reasonFrom } from "../host/command-error";
import type { KernelOptions } from "./kernel-options";
import { printedKey } from "./parse-sysctls";
import { pingGroupRange } from "./ping-group-range";
import { netnsNameOf } from "./place";
import type { Segment } from "./rounds";
import type { Visit } from "./visit-namespaces";
import { failedLineOf, visitNamespaces, withoutMarkers } from "./visit-namespaces";

interface SegmentVisit extends Visit {
  readonly segment: Segment;
  /** Batch or script that the command reads, removed afterwards. */
  readonly file: string | null;
}

/** What iproute2 says when the thing to delete is not there: then it is as it should be. */
const ALREADY_GONE = /Cannot find device|No such process|No such file or directory|Cannot assign requested address|Address not found|table does not exist/;

/** Segments of one round, all inside their namespaces: each is one process, and one failure at most. */
export async function applyInside(options: KernelOptions, segments: readonly Segment[]): Promise<StepFailure[]> {
  const failures: StepFailure[] = [];
  for (let rest: readonly Segment[] = segments; rest.length > 0;) {
    const visits = rest.map((segment) => visitOf(options, segment));
    try {
      const report = await visitNamespaces(options.runner, visits);
      const outcomes = report.failures.map(({ visit, stderr }) => judge(visit, stderr));
      failures.push(...outcomes.flatMap((outcome) => outcome.failure ?? []));
      rest = outcomes.flatMap((outcome) => outcome.rest ?? []);
    } finally {
      for (const visit of visits) if (visit.file !== null) options.scratch.remove(visit.file);
    }
  }
  return failures;
}

function visitOf(options: KernelOptions, segment: Segment): SegmentVisit {
  const namespace = netnsNameOf(segment.namespace, options.hostNetns);
  if (segment.kind === "sysctl") return { segment, namespace, argv: sysctlArgv(options, segment.steps), file: null };
  if (segment.kind === "nft") {
    const file = options.scratch.write(segment.steps.map(nftText).join(""));
    return { segment, namespace, argv: ["nft", "-f", file], file };
  }
  const peerNetns = (key: string) => netnsNameOf(key, options.hostNetns) ?? String(process.pid);
  const file = options.scratch.write(segment.steps.map((step) => `${lineOf(step, peerNetns)}\n`).join(""));
  return { segment, namespace, argv: ["ip", "-batch", file], file };
}

function lineOf(step: Step, peerNetns: (key: string) => string): string {
  const line = ipLine(step, peerNetns);
  // One step is one line: a failure is found by its line number.
  if (line === null || /[\n#\\]/.test(line)) throw new Error(`no ip command for ${step.action}`);
  return line;
}

function nftText(step: Step): string {
  if (step.action === "nft-replace") return nftScript(step.table);
  if (step.action === "nft-delete") return nftDeleteScript();
  throw new Error(`no nft script for ${step.action}`);
}

/** One process for all; a later value for a key wins, as it would step by step. */
function sysctlArgv(options: KernelOptions, steps: readonly Step[]): [string, ...string[]] {
  const { toKernel } = pingGroupRange(options.idMaps);
  const settings = steps.flatMap((step) => (step.action === "sysctl-set" ? [`${step.key}=${toKernel(step.key, step.value)}`] : []));
  return ["sysctl", "-q", "-w", ...settings];
}

/** Which step of a failed segment failed; or the steps still to do, when what failed was deleting something already gone. */
function judge({ segment, file }: SegmentVisit, stderr: string): { failure?: StepFailure; rest?: Segment } {
  const reason = reasonFrom(withoutMarkers(stderr), "failed without a word");
  if (segment.kind === "sysctl") return { failure: failureAt(segment, sysctlIndex(segment.steps, stderr), reason) };
  const line = segment.kind === "ip" && file !== null ? failedLineOf(stderr, file) : null;
  const index = line === null ? 0 : line - 1;
  const step = segment.steps[index];
  if (line !== null && step?.action.endsWith("-delete") && ALREADY_GONE.test(reason)) {
    const steps = segment.steps.slice(index + 1);
    return steps.length > 0 ? { rest: { ...segment, steps } } : {};
  }
  return { failure: failureAt(segment, index, reason) };
}

function failureAt(segment: Segment, index: number, reason: string): StepFailure {
  const step = segment.steps[index] ?? segment.steps[0];
  if (!step) throw new Error("an empty segment cannot fail");
  return { step, reason };
}

/** sysctl names the key in quotes, or as a path under /proc/sys. */
function sysctlIndex(steps: readonly Step[], stderr: string): number {
  const index = steps.findIndex((step) => step.action === "sysctl-set" &&
    (stderr.includes(`"${printedKey(step.key)}"`) || stderr.includes(`/proc/sys/${pathOf(step.key)}:`)));
  return Math.max(0, index);
}

const pathOf = (key: string): string =>
  [...printedKey(key)].map((char) => (char === "." ? "/" : char === "/" ? "." : char)).join("");
