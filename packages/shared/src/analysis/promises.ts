import type { Topology } from "../topology/topology";
import { follow } from "./course";
import { prepare, type Drawing } from "./drawing";
import type { ProbeEnd } from "./probe";
import type { ExplanationCode, Flow, HostFacts } from "./verdict";

export interface PromiseOptions extends Partial<Pick<Flow, "protocol" | "port" | "sourcePort">> {
  /** Instance ids; all of the document where none are given. */
  readonly instanceIds?: readonly string[];
}

/** What the drawing promises one pair. Its reasons in words: `explainReachability` with the same flow. */
export interface PairPromise {
  readonly source: ProbeEnd;
  readonly destination: ProbeEnd;
  readonly reachable: boolean;
  /** REACHABLE, or why not; ENI_ADDRESS_RESTRICTION and reachable: somebody else answers. */
  readonly code: ExplanationCode;
}

/** What the drawing promises for each of these pairs, in their order. For valid documents. */
export function promisesOf(
  doc: Topology, host: HostFacts, pairs: readonly Pick<Flow, "source" | "destination">[], options: Omit<PromiseOptions, "instanceIds"> = {},
): PairPromise[] {
  const { protocol = "icmp", port = null, sourcePort } = options;
  const drawing = prepare(doc, host);
  return pairs.map(({ source, destination }) => promiseOf(drawing, { source, destination, protocol, port, sourcePort }));
}

/**
 * Every pair of different instances, and each of them to and from the internet: can it be reached, for one protocol and port
 * (default: ping). Rows in the order of the document, source by source, the internet last. For valid documents.
 */
export function promises(doc: Topology, host: HostFacts, options: PromiseOptions = {}): PairPromise[] {
  const { instanceIds = doc.instances.map(({ id }) => id) } = options;
  const ends: ProbeEnd[] = [...instanceIds.map((instanceId) => ({ instanceId })), { internet: true }];
  const pairs = ends.flatMap((source) => ends.filter((destination) => destination !== source).map((destination) => ({ source, destination })));
  return promisesOf(doc, host, pairs, options);
}

function promiseOf(drawing: Drawing, flow: Flow): PairPromise {
  const { source, destination } = flow;
  const course = follow(drawing, flow);
  if (course.kind === "not-sent") return { source, destination, reachable: false, code: course.reason.code };
  if (course.stopped) return { source, destination, reachable: false, code: course.stopped.stop.code };
  return { source, destination, reachable: true, code: course.elsewhere ? "ENI_ADDRESS_RESTRICTION" : "REACHABLE" };
}
