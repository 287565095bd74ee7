import { agrees, explain } from "@vpclab/shared/analysis/reachability";
import { prepare } from "@vpclab/shared/analysis/drawing";
import { AppError } from "@vpclab/shared/errors/app-error";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import type { MeasuredFlow, MeasuredFlows } from "@vpclab/shared/wire/live";
import type { VerifiedMeasure } from "../link/verify-job";
import type { FastAnswer, SentProbe } from "../probes/fast-probe";
import type { FastProbesOptions } from "../probes/fast-probes";
import type { ProbeGround, Question } from "./probe-ends";
import { destinationOf, flowOf, sourceOf } from "./probe-ends";
import { notApplied } from "./probe-job";

export interface MeasureSite extends Pick<ProbeGround, "publicPool" | "internet" | "takenByOthers"> {
  /** What the kernel holds of the topology, or null. */
  readonly applied: ProbeGround["applied"] | null;
  readonly generation: number;
  /** null: an end is not there. */
  readonly send: (probes: readonly SentProbe[], options: FastProbesOptions) => Promise<(FastAnswer | null)[]>;
}

/** Answers take less than a millisecond; a machine that is busy with other things is given more. The thread is busy meanwhile. */
const WAIT = { waitMs: 250, patienceMs: 60 };
/** Before silence is called a disagreement. */
const LONG_WAIT = { waitMs: 1_000 };
const PROTOCOL = { ping: "icmp", tcp: "tcp", udp: "udp" } as const;

/** The host comes from the address of whichever link its routes say. */
const ANY_ADDRESS = "0.0.0.0";

/** Where a flow's packet goes. `none`: nothing leads there, so none can be sent. `elsewhere`: not from this host. */
type Way = SentProbe | "none" | "elsewhere";

/**
 * One packet for each of many pairs, all at once, beside what the applied drawing promises. The senders are sockets in the
 * instances' namespaces; for tcp and icmp whoever is at the address answers, a datagram is answered for the target where its
 * port is free. Throws AppError.
 */
export async function measureJob({ request }: VerifiedMeasure, site: MeasureSite): Promise<MeasuredFlows> {
  const { applied, publicPool, internet, takenByOthers, generation, send } = site;
  if (!applied) throw notApplied();
  const ground: ProbeGround = { applied, publicPool, internet, takenByOthers, index: indexTopology(applied.document) };
  const drawing = prepare(applied.document, { publicPool, publicAddresses: applied.publicAddresses });
  const asked = request.flows.map((ends) => {
    const question = { ...ends, kind: request.kind, port: request.port };
    const flow = flowOf(question);
    return { way: wayOf(question, ground), expected: explain(drawing, flow).reachable };
  });
  const outcomes = await outcomesOf(asked.map(({ way }) => way), send, WAIT);
  const doubtful = asked.flatMap(({ way, expected }, at) => {
    const outcome = outcomes[at];
    return outcome === null || outcome === undefined || typeof way === "string" || agrees({ reachable: expected }, outcome) ? [] : [at];
  });
  const again = await outcomesOf(doubtful.map((at) => asked[at]!.way), send, LONG_WAIT);
  const flows = asked.map(({ expected }, at): MeasuredFlow => {
    const second = doubtful.indexOf(at);
    return { outcome: (second < 0 ? outcomes[at] : again[second]) ?? null, expected };
  });
  return { generation, flows };
}

async function outcomesOf(ways: readonly Way[], send: MeasureSite["send"], wait: FastProbesOptions): Promise<MeasuredFlow["outcome"][]> {
  const answers = await send(ways.filter((way): way is SentProbe => typeof way !== "string"), wait);
  let next = 0;
  return ways.map((way) => {
    if (way === "none") return "timeout";
    return way === "elsewhere" ? null : answers[next++]?.outcome ?? null;
  });
}

/** The kernel chooses the source port, so that each packet is a connection of its own. */
function wayOf(question: Question & { readonly kind: keyof typeof PROTOCOL }, ground: ProbeGround): Way {
  const { kind } = question;
  try {
    const source = sourceOf(question.source, ground);
    const { address, port, answerer } = destinationOf(question, ground);
    if (address === null || source.address === null) return "none";
    return {
      protocol: PROTOCOL[kind], source: { namespace: source.namespace, address: "host" in question.source ? ANY_ADDRESS : source.address }, sourcePort: 0, to: { address, port: port ?? 0 },
      target: kind === "udp" && answerer && question.port !== null ? { ...answerer, port: question.port, unlessTaken: true } : null,
    };
  } catch (error) {
    if (error instanceof AppError && error.code === "POLICY_FEATURE") return "elsewhere";
    throw error;
  }
}

