import { agrees } from "@vpclab/shared/analysis/reachability";
import type { ProbeOutcome } from "@vpclab/shared/analysis/probe";
import type { Hop, Verdict } from "@vpclab/shared/analysis/verdict";
import { kindOfId } from "@vpclab/shared/topology/ids";
import type { ObjectKind } from "@vpclab/shared/topology/topology";
import { addPlace, placeOfHop } from "./via-host";

/** One place of a packet's journey, and what was done to it there. */
export interface JourneyStop {
  readonly way: "there" | "back";
  /** Index among the places of its way (`placesOf`), where the canvas shows the packet. */
  readonly place: number;
  readonly label: string;
  readonly words: string;
  /** Object that decided there. */
  readonly objectId: string | null;
  /** `unknown`: promise and measurement differ, so nobody knows where. */
  readonly verdict: "pass" | "stop" | "unknown";
}

/** Ids on the canvas of a way, each place once however many gates it has; a hop that stands nowhere is where the one before was. */
export function placesOf(hops: readonly Hop[]): { readonly ids: readonly string[]; readonly placeOfHop: readonly number[] } {
  const ids: string[] = [];
  const places = hops.map((hop) => {
    const id = placeOfHop(hop);
    if (id !== null && id !== ids.at(-1)) addPlace(ids, id);
    return Math.max(0, ids.length - 1);
  });
  return { ids, placeOfHop: places };
}

/**
 * The journey that the analysis tells, as far as the packet agrees with it. `outcome` null: none was sent. Where the two differ it
 * ends with that, because where the packet really went is not known.
 */
export function journeyOf(verdict: Verdict, outcome: ProbeOutcome | null): JourneyStop[] {
  const there = stopsOf("there", verdict.there);
  const arrived = verdict.there.every((hop) => hop.verdict === "pass");
  if (outcome !== null && !agrees(verdict, outcome)) return [...there, differing(verdict, outcome, there)];
  if (!arrived || there.length === 0) return there;
  const target = there.at(-1)!;
  const refused = outcome === "refused";
  const turn: JourneyStop = { ...target, objectId: null, verdict: "pass", words: refused ? "It arrives. Nothing listens there: the answer is a refusal." : "It arrives, and is answered." };
  const back = stopsOf("back", verdict.back);
  const last = back.at(-1);
  if (!last || last.verdict === "stop") return [...there, turn, ...back];
  return [...there, turn, ...back, { ...last, objectId: null, words: refused ? "The refusal is back at the sender." : "The answer is back at the sender." }];
}

function stopsOf(way: JourneyStop["way"], hops: readonly Hop[]): JourneyStop[] {
  const { placeOfHop } = placesOf(hops);
  return hops.map((hop, at): JourneyStop => ({
    way, place: placeOfHop[at] ?? 0, label: hop.label, words: wordsOf(hop), objectId: hop.by ?? hop.objectId, verdict: hop.verdict,
  }));
}

function differing(verdict: Verdict, outcome: ProbeOutcome, there: readonly JourneyStop[]): JourneyStop {
  const at = there.at(-1) ?? { way: "there" as const, place: 0, label: "" };
  const words = outcome === "timeout"
    ? "No answer came back, although the drawing promises one. It was lost on this way or on the way back; where, the packet does not tell."
    : `The packet was answered (${outcome}), although the drawing says that it ${verdict.there.length === 0 ? "cannot be sent" : "does not get through"}.`;
  return { way: at.way, place: at.place, label: at.label, words, objectId: null, verdict: "unknown" };
}

type Verb = readonly [pass: string, stop: string];
const DEFAULT: Verb = ["Passes", "Stopped"];
/** By the kind of what decides there. */
const VERBS: Partial<Record<ObjectKind, Verb>> = {
  "security-group": ["Let through by its security group", "Dropped by its security group"],
  "network-acl": ["Let through by the network ACL", "Dropped by the network ACL"],
  subnet: ["Let through by the subnet's firewall", "Dropped by the subnet's firewall"],
  "route-table": ["Routed by the route table", "Not routed by the route table"],
  "nat-gateway": ["Translated by the NAT gateway", "Stopped at the NAT gateway"],
  "elastic-ip": ["Translated by the internet gateway", "Stopped at the internet gateway"],
  "internet-gateway": ["Translated by the internet gateway", "Stopped at the internet gateway"],
  peering: ["Crosses the peering", "Stopped at the peering"],
};

function wordsOf({ objectId, by, note, verdict }: Hop): string {
  const decider = by ?? (objectId !== null && kindOfId(objectId) === "internet-gateway" ? objectId : null);
  const kind = decider === null ? null : kindOfId(decider);
  const [pass, stop] = (kind && VERBS[kind]) || DEFAULT;
  if (decider === null && verdict === "pass") return note === "" ? "Out there nothing drawn decides." : `${note.charAt(0).toUpperCase()}${note.slice(1)}`;
  const verb = verdict === "pass" ? pass : stop;
  return note === "" ? verb : `${verb}: ${note}`;
}
