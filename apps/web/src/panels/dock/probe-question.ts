import type { ProbeKind } from "@vpclab/shared/analysis/probe";
import { isProbePair } from "@vpclab/shared/analysis/probe";
import type { Flow } from "@vpclab/shared/analysis/verdict";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ProbeQuestion } from "../../canvas/state/editor-api";
import { endOfKey, publicKey } from "../../canvas/state/probe-end-key";
import { HOST_ID, INTERNET_ID } from "../../canvas/scene/scene";

/** Ends that are no instances, in the two selects. */
export const INTERNET_CHOICE = INTERNET_ID;
export const HOST_CHOICE = HOST_ID;
const PORT_UNSET = "80";

/** What the person has chosen so far; null is not chosen, so that the selection on the canvas may decide. */
export interface Choice {
  readonly source: string | null;
  readonly target: string | null;
  readonly kind: ProbeKind;
  readonly port: string | null;
}

/** A choice with everything filled in that can be derived. */
export interface Settled {
  readonly source: string | null;
  readonly target: string;
  readonly portText: string;
  /** Null where the port is none; then the question cannot be asked. */
  readonly question: ProbeQuestion | null;
}

/** What is selected is what is meant: first the source, then the target. Between internet and host nothing is asked. */
export function settleChoice(document: Topology, selection: Iterable<string>, choice: Choice): Settled {
  const ids = document.instances.map(({ id }) => id);
  const senders = [INTERNET_CHOICE, HOST_CHOICE, ...ids];
  const targets = [...senders, ...[...ids, ...document.natGateways.map(({ id }) => id)].map(publicKey)];
  const chosen = [...selection].filter((id) => id === HOST_CHOICE || ids.includes(id));
  const among = (known: readonly string[], id: string | null) => (id !== null && known.includes(id) ? id : null);
  const source = among(senders, choice.source) ?? chosen[0] ?? ids[0] ?? null;
  const wanted = among(targets, choice.target) ?? chosen.find((id) => id !== source) ?? ids.find((id) => id !== source) ?? INTERNET_CHOICE;
  const isPair = (target: string) => source !== null && isProbePair(endOfKey(source), endOfKey(target));
  const target = isPair(wanted) ? wanted : chosen.find(isPair) ?? ids.find(isPair) ?? wanted;
  const webPort = document.instances.find(({ id }) => id === target || publicKey(id) === target)?.webServer?.port;
  const portText = choice.port ?? String(webPort ?? PORT_UNSET);
  const port = choice.kind === "ping" ? null : portOf(portText);
  const complete = source !== null && isPair(target) && (choice.kind === "ping" || port !== null);
  return { source, target, portText, question: complete ? { source: endOfKey(source), destination: endOfKey(target), kind: choice.kind, port } : null };
}

/** The analysis' question for a probe's: http is a tcp connection. */
export const flowOf = ({ source, destination, kind, port }: ProbeQuestion): Flow => ({
  source, destination, port, protocol: kind === "ping" ? "icmp" : kind === "udp" ? "udp" : "tcp",
});

function portOf(text: string): number | null {
  const port = /^[1-9]\d{0,4}$/.test(text.trim()) ? Number(text) : NaN;
  return port <= 65535 ? port : null;
}
