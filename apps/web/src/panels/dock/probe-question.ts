import type { ProbeEnd, ProbeKind } from "@vpclab/shared/analysis/probe";
import type { Flow } from "@vpclab/shared/analysis/verdict";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { ProbeQuestion } from "../../canvas/editor-api";

/** Stands for the internet in the two selects. */
export const INTERNET_CHOICE = "internet";
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

/** What is selected is what is meant: first the source, then the target. The internet never asks itself. */
export function settleChoice(document: Topology, selection: Iterable<string>, choice: Choice): Settled {
  const ids = document.instances.map(({ id }) => id);
  const chosen = [...selection].filter((id) => ids.includes(id));
  const valid = (id: string | null) => (id !== null && (id === INTERNET_CHOICE || ids.includes(id)) ? id : null);
  const source = valid(choice.source) ?? chosen[0] ?? ids[0] ?? null;
  const wanted = valid(choice.target) ?? chosen.find((id) => id !== source) ?? ids.find((id) => id !== source) ?? INTERNET_CHOICE;
  const target = source === INTERNET_CHOICE && wanted === INTERNET_CHOICE ? chosen[0] ?? ids[0] ?? INTERNET_CHOICE : wanted;
  const webPort = document.instances.find(({ id }) => id === target)?.webServer?.port;
  const portText = choice.port ?? String(webPort ?? PORT_UNSET);
  const port = choice.kind === "ping" ? null : portOf(portText);
  const complete = source !== null && !(source === INTERNET_CHOICE && target === INTERNET_CHOICE) && (choice.kind === "ping" || port !== null);
  return { source, target, portText, question: complete ? { source: endOf(source), destination: endOf(target), kind: choice.kind, port } : null };
}

/** The analysis' question for a probe's: http is a tcp connection. */
export const flowOf = ({ source, destination, kind, port }: ProbeQuestion): Flow => ({
  source, destination, port, protocol: kind === "ping" ? "icmp" : kind === "udp" ? "udp" : "tcp",
});

const endOf = (id: string): ProbeEnd => (id === INTERNET_CHOICE ? { internet: true } : { instanceId: id });

function portOf(text: string): number | null {
  const port = /^[1-9]\d{0,4}$/.test(text.trim()) ? Number(text) : NaN;
  return port <= 65535 ? port : null;
}
