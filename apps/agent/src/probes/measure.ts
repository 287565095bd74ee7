import { AppError } from "@vpclab/shared/errors/app-error";
import type { ProbeResult } from "@vpclab/shared/wire/live";
import { reasonFrom } from "../host/command-error";
import type { CommandResult } from "../host/command-runner";
import type { Confinement } from "../host/confinement";
import { lookUpNetns } from "../host/netns";
import type { Programs } from "../host/node-program";
import { confinedNode } from "../host/node-program";
import { parsePing } from "./parse-ping";
import type { ProbeAnswer } from "./probe-answer";
import { ProbeAnswerSchema } from "./probe-answer";

/** The measured half of a ProbeResult. */
export type Measurement = Pick<ProbeResult, "kind" | "outcome" | "sentence" | "roundTripMs" | "body">;

export interface MeasureOptions {
  readonly confinement: Confinement;
  readonly programs: Pick<Programs, "prober">;
}

export interface MeasureRequest {
  /** Namespace of the source, and its own address. */
  readonly namespace: string;
  readonly sourceAddress: string;
  /** The namespace has several addresses: this one is to send. */
  readonly fromSourceAddress?: boolean;
  readonly targetAddress: string;
  readonly kind: ProbeResult["kind"];
  /** For tcp, udp and http. */
  readonly port: number | null;
  /** Where the packet should arrive, as it is known there: something has to answer a UDP packet. The real internet does so itself, or not. */
  readonly answerer?: { readonly namespace: string; readonly address: string; readonly port: number };
}

const ANSWER_TIMEOUT_MS = 2_000;
const PROGRAM_TIMEOUT_MS = 10_000;
const PING_ARGS = ["-n", "-c", "3", "-i", "0.2", "-W", "1"];

/** Sends a real packet from a namespace and says what became of it. Throws NOT_APPLIED when the namespace is not there. */
export async function measure(options: MeasureOptions, request: MeasureRequest): Promise<Measurement> {
  if (typeof lookUpNetns(request.namespace) !== "number") {
    throw new AppError("NOT_APPLIED", `${request.namespace} does not exist on this host. Apply the topology first.`);
  }
  return request.kind === "ping" ? ping(options, request) : connectTo(options, request, request.kind);
}

/** Without CAP_NET_RAW, which its file asks for: `net.ipv4.ping_group_range` of the namespace lets everybody ping. */
async function ping({ confinement }: MeasureOptions, { namespace, sourceAddress, fromSourceAddress, targetAddress }: MeasureRequest): Promise<Measurement> {
  const argv = ["ping", ...PING_ARGS, ...(fromSourceAddress ? ["-I", sourceAddress] : []), targetAddress] as const;
  const { stdout, stderr } = await confinement.run({ netns: namespace, argv }, PROGRAM_TIMEOUT_MS);
  const { sent, received, roundTripMs, unreachable, problem } = parsePing(stdout, stderr, sourceAddress);
  const say = (outcome: Measurement["outcome"], sentence: string): Measurement => ({ kind: "ping", outcome, sentence, roundTripMs, body: null });
  if (received > 0) return say("reached", `${received} of ${sent} packets came back${roundTripMs === null ? "" : `, ${roundTripMs} ms on average`}.`);
  if (unreachable) return say("refused", `None of ${sent} packets came back: ${unreachable}.`);
  if (problem && /unreachable|prohibited/i.test(problem)) return say("refused", `No packet was sent: ${problem}.`);
  if (problem) throw new AppError("COMMAND_FAILED", `ping could not run in ${namespace}: ${reasonFrom(stderr, problem)}`);
  return say("timeout", `None of ${sent} packets came back from ${targetAddress}.`);
}

async function connectTo(options: MeasureOptions, request: MeasureRequest, kind: "tcp" | "udp" | "http"): Promise<Measurement> {
  const { namespace, targetAddress, port, answerer } = request;
  const answering = kind === "udp" && answerer && typeof lookUpNetns(answerer.namespace) === "number"
    ? runProber(options, answerer.namespace, ["answer", answerer.address, String(answerer.port), String(ANSWER_TIMEOUT_MS), "any"]).catch(() => undefined) : undefined;
  const { stdout, stderr } = await runProber(options, namespace, [
    kind, targetAddress, String(port), String(ANSWER_TIMEOUT_MS), request.fromSourceAddress ? request.sourceAddress : "any",
  ]);
  await answering;
  if (stdout === "") throw new AppError("COMMAND_FAILED", `The test program could not run in ${namespace}: ${reasonFrom(stderr, "it said nothing")}`);
  const answer = ProbeAnswerSchema.parse(JSON.parse(stdout));
  const roundTripMs = answer.roundTripMs === null ? null : Math.round(answer.roundTripMs * 100) / 100;
  return { kind, outcome: answer.outcome, sentence: sentenceFor(answer, kind, `${targetAddress}:${port}`, roundTripMs), roundTripMs, body: answer.body };
}

/** The program in a namespace, without rights; it ends by itself. */
function runProber({ confinement, programs }: MeasureOptions, netns: string, words: readonly string[]): Promise<CommandResult> {
  return confinement.run({ argv: confinedNode(confinement.nodePath, ["vpclab-probe", ...words]), netns, stdinFile: programs.prober }, PROGRAM_TIMEOUT_MS);
}

function sentenceFor(answer: ProbeAnswer, kind: "tcp" | "udp" | "http", target: string, roundTripMs: number | null): string {
  if (answer.outcome === "timeout") return `No answer from ${target} within ${ANSWER_TIMEOUT_MS / 1000} s.`;
  if (answer.error === "ECONNREFUSED") return `${target} refused the connection: nothing listens there.`;
  if (answer.outcome === "refused") return `${target} could not be reached: ${answer.error}.`;
  return kind !== "tcp" ? `${target} answered after ${roundTripMs} ms.` : `${target} accepted the connection after ${roundTripMs} ms.`;
}
