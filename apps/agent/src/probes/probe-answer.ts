import { z } from "zod";

/** The line that the prober prints. */
export const ProbeAnswerSchema = z.strictObject({
  outcome: z.enum(["reached", "refused", "timeout"]),
  roundTripMs: z.number().nullable(),
  body: z.string().nullable(),
  /** errno name, e.g. ECONNREFUSED. */
  error: z.string().nullable(),
});
export type ProbeAnswer = z.infer<typeof ProbeAnswerSchema>;
