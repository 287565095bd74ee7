import { lookUpNetns } from "../host/netns";
import type { FastAnswer, SentProbe } from "./fast-probe";
import type { FastProbesOptions } from "./fast-probes";
import { sendProbes } from "./fast-probes";

/** As `sendProbes`, for places that may not be there: null where the sender's or the target's namespace is missing. */
export async function sendFlows(probes: readonly SentProbe[], options: FastProbesOptions): Promise<(FastAnswer | null)[]> {
  const known = new Map<string | null, boolean>([[null, true]]);
  const isThere = (namespace: string | null): boolean => {
    const there = known.get(namespace) ?? typeof lookUpNetns(namespace ?? "") === "number";
    known.set(namespace, there);
    return there;
  };
  const there = probes.map(({ source, target }) => isThere(source.namespace) && (target === null || isThere(target.namespace)));
  const answers = await sendProbes(probes.filter((_, at) => there[at]), options);
  let next = 0;
  return there.map((sent) => (sent ? answers[next++] ?? null : null));
}
