import { z } from "zod";

/** A packet test: who sends what to whom, and what came of it. Shared by the analysis and by real probes. */
export const PROBE_KINDS = ["ping", "tcp", "udp", "http"] as const;
export type ProbeKind = (typeof PROBE_KINDS)[number];
/** Those that many pairs can be measured by at once: one packet and its answer. */
export const MEASURED_KINDS = ["ping", "tcp", "udp"] as const;
export type MeasuredKind = (typeof MEASURED_KINDS)[number];

/**
 * An end of a probe: an instance by id, the internet, the host itself, or what of an instance or NAT gateway the internet sees: its
 * public address, where the host has none to give the port of the host that leads there. From the internet an instance is
 * addressed by that, too. No end is an address: whoever sends looks it up in what is drawn.
 */
export const ProbeEndSchema = z.union([
  z.strictObject({ instanceId: z.string().max(64) }),
  z.strictObject({ internet: z.literal(true) }),
  z.strictObject({ host: z.literal(true) }),
  z.strictObject({ publicAddressOf: z.string().max(64) }),
]);
export type ProbeEnd = z.infer<typeof ProbeEndSchema>;

/** Whether something drawn lies between two ends, and a packet can set out from the first. */
export function isProbePair(source: ProbeEnd, destination: ProbeEnd): boolean {
  if ("instanceId" in source) return true;
  if ("internet" in source) return "instanceId" in destination || "publicAddressOf" in destination;
  return "host" in source && "instanceId" in destination;
}

/** What the packet did. `refused`: an answer came back that says no (RST, unreachable). */
export type ProbeOutcome = "reached" | "refused" | "timeout";

/** A place that the packet passes, in order, for the canvas. */
export interface ProbeHop {
  readonly objectId: string | null;
  readonly label: string;
}
