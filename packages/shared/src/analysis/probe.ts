import { z } from "zod";

/** A packet test: who sends what to whom, and what came of it. Shared by the analysis and by real probes. */
export const PROBE_KINDS = ["ping", "tcp", "udp", "http"] as const;
export type ProbeKind = (typeof PROBE_KINDS)[number];
/** Those that many pairs can be measured by at once: one packet and its answer. */
export const MEASURED_KINDS = ["ping", "tcp", "udp"] as const;
export type MeasuredKind = (typeof MEASURED_KINDS)[number];

/** An end of a probe: an instance by id, or the internet. From the internet an instance is addressed by its public address. */
export const ProbeEndSchema = z.union([
  z.strictObject({ instanceId: z.string().max(64) }),
  z.strictObject({ internet: z.literal(true) }),
]);
export type ProbeEnd = z.infer<typeof ProbeEndSchema>;

/** What the packet did. `refused`: an answer came back that says no (RST, unreachable). */
export type ProbeOutcome = "reached" | "refused" | "timeout";

/** A place that the packet passes, in order, for the canvas. */
export interface ProbeHop {
  readonly objectId: string | null;
  readonly label: string;
}
