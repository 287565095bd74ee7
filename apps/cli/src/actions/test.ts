import { agrees, explainReachability } from "@vpclab/shared/analysis/reachability";
import { isProbePair, type ProbeKind, type ProbeOutcome } from "@vpclab/shared/analysis/probe";
import type { Hop, Verdict } from "@vpclab/shared/analysis/verdict";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ProbeResult } from "@vpclab/shared/wire/live";
import type { Action } from "../command-spec";
import { EXIT } from "../exit-code";
import type { Given } from "../given";
import { endByName, endName, objectName } from "../lab/named-object";
import type { Output } from "../output/output";
import { styled, type Text } from "../output/text";
import { UsageError } from "../usage-error";

/** Sends one real packet (or a request) and shows it beside what the drawing promises. */
export const test: Action = async (session, given) => {
  const what = probeKind(given);
  const expected = given.option("expect");
  const lab = await session.lab();
  const { document } = await lab.read(session.topology);
  const source = endByName(document, given.arg(0) ?? "");
  const destination = endByName(document, given.arg(1) ?? "");
  if ("internet" in source && "internet" in destination) throw new UsageError("both ends are the internet: name an instance");
  if (!isProbePair(source, destination)) throw new UsageError(`nothing of a topology lies between ${given.arg(0)} and ${given.arg(1)}: name an instance`);
  const between = `${endName(document, source)} → ${endName(document, destination)}, ${kindText(what)}`;
  if (session.options.dryRun) {
    const flow = { source, destination, protocol: protocolOf(what.kind), port: what.port };
    const expected = explainReachability(document, flow, { publicPool: lab.place.publicPool });
    session.out.value({ dryRun: true, source: given.arg(0), destination: given.arg(1), ...what, expected });
    printPromise(expected, between, document, session.out);
    return EXIT.ok;
  }
  const result = await lab.probe(session.topology, { source, destination, ...what });
  session.out.value({ source: given.arg(0), destination: given.arg(1), ...what, agrees: agrees(result.expected, result.outcome), result });
  print(result, between, document, session.out);
  return cameOut(result.outcome, expected) ? EXIT.ok : EXIT.failed;
};

interface Probed {
  readonly kind: ProbeKind;
  readonly port: number | null;
}

/** What `--tcp 80` and the like ask for; ping without any. */
export function probeKind(given: Given): Probed {
  const asked = (["tcp", "udp", "http"] as const).flatMap((kind): Probed[] => {
    const port = given.number(kind, 1, 65535);
    return port === null ? [] : [{ kind, port }];
  });
  if (given.flag("ping") === true) asked.push({ kind: "ping", port: null });
  if (asked.length > 1) throw new UsageError("one test at a time: --ping, --tcp, --udp or --http");
  return asked[0] ?? { kind: "ping", port: null };
}

/** What the analysis calls it. */
export const protocolOf = (kind: ProbeKind): "icmp" | "tcp" | "udp" => (kind === "ping" ? "icmp" : kind === "http" ? "tcp" : kind);

export const kindText = ({ kind, port }: Probed): string => (port === null ? kind : `${kind} ${port}`);

/**
 * Without an expectation a test is passed when the target answered as a service does. A refusal is an answer, too: it says that
 * packets get there, which is what `reachable` asks.
 */
export function cameOut(outcome: ProbeOutcome, expected: string | null): boolean {
  if (expected === "blocked") return outcome === "timeout";
  return expected === "reachable" ? outcome !== "timeout" : outcome === "reached";
}

const OUTCOME: Record<ProbeOutcome, Text> = {
  reached: styled("green", "reached"),
  refused: styled("yellow", "refused"),
  timeout: styled("red", "no answer"),
};

function print({ expected, outcome, sentence, body, source, destination }: ProbeResult, between: string, doc: Topology, out: Output): void {
  printPromise(expected, [styled("bold", between), styled("dim", `  (${source} → ${destination})`)], doc, out);
  out.line(["  measured  ", ...[OUTCOME[outcome]].flat(), `: ${sentence}`]);
  if (body !== null && body !== "") out.line(`  answer    ${body}`);
  if (!agrees(expected, outcome)) out.line(styled("red", "  The drawing and the network disagree. Is it in place? vpcctl inspect"));
}

function printPromise({ reachable, why, there, back, decision: { code, objectId, rule } }: Verdict, between: Text, doc: Topology, out: Output): void {
  out.line(between);
  printWay("there", there, doc, out);
  printWay("back ", back, doc, out);
  out.line(`  decides   ${code}${objectId === null ? "" : ` by ${objectName(doc, objectId)}`}${rule === null ? "" : `, ${rule}`}`);
  out.line(["  promised  ", reachable ? styled("green", "reachable") : styled("red", "not reachable"), `: ${why}`]);
}

function printWay(name: string, hops: readonly Hop[], doc: Topology, out: Output): void {
  for (const [at, { objectId, label, by, note, verdict }] of hops.entries()) {
    const place = objectId === null ? label : objectName(doc, objectId);
    const rule = by === null || by === objectId ? "" : ` [${objectName(doc, by)}]`;
    const sign = verdict === "pass" ? styled("green", "+") : styled("red", "x");
    out.line([`  ${at === 0 ? name : "     "}   ${" ".repeat(2)}`, sign, ` ${place}${rule}${note === "" ? "" : `: ${note}`}`]);
  }
}
