import type { Topology } from "../topology/topology";
import { follow } from "./course";
import { prepare } from "./drawing";
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

/**
 * Every pair of different instances, and each of them to and from the internet: can it be reached, for one protocol and port
 * (default: ping). Rows in the order of the document, source by source, the internet last. For valid documents.
 */
export function promises(doc: Topology, host: HostFacts, options: PromiseOptions = {}): PairPromise[] {
  const { protocol = "icmp", port = null, sourcePort, instanceIds = doc.instances.map(({ id }) => id) } = options;
  const drawing = prepare(doc, host);
  const ends: ProbeEnd[] = [...instanceIds.map((instanceId) => ({ instanceId })), { internet: true }];
  return ends.flatMap((source) => ends.filter((destination) => destination !== source).map((destination) => {
    const course = follow(drawing, { source, destination, protocol, port, sourcePort });
    if (course.kind === "not-sent") return { source, destination, reachable: false, code: course.reason.code };
    if (course.stopped) return { source, destination, reachable: false, code: course.stopped.stop.code };
    return { source, destination, reachable: true, code: course.elsewhere ? "ENI_ADDRESS_RESTRICTION" : "REACHABLE" };
  }));
}
