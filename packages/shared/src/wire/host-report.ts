import { z } from "zod";

/** What a host tells of itself beside its topologies: only the newest of each counts. */
const amount = z.number().min(0).max(Number.MAX_SAFE_INTEGER);

export const HostLoadSchema = z.strictObject({
  /** Processes that run or wait to run, on average over 1, 5 and 15 minutes. */
  averages: z.tuple([amount, amount, amount]),
  cores: z.int().min(1).max(65_536),
  memoryBytes: amount,
  /** Of it, what programs can have without swapping. */
  memoryAvailableBytes: amount,
});
export type HostLoad = z.infer<typeof HostLoadSchema>;

/** One row of `doctor`: something that the agent needs of its system. */
export const HostCheckSchema = z.strictObject({
  name: z.string().max(64),
  ok: z.boolean(),
  found: z.string().max(2000),
  /** What to do about it; null when it is fine. */
  advice: z.string().max(2000).nullable(),
});
export type HostCheck = z.infer<typeof HostCheckSchema>;
export const HOST_CHECKS_MAX = 64;

export interface HostChecks {
  /** Unix milliseconds, by the host's clock. */
  readonly at: number;
  readonly checks: readonly HostCheck[];
}

/** A topology on its host, as the Hosts page shows it. */
export interface HostTopology {
  readonly id: string;
  readonly name: string;
  /** Of the deployment; null: nothing was ever reported. */
  readonly state: string | null;
  /** Revision in place, 0 for none; and the drawing's. */
  readonly applied: number;
  readonly revision: number;
  /** When something was applied last, Unix milliseconds. */
  readonly appliedAt: number | null;
  /** Something that was asked for is not carried out yet. */
  readonly waiting: boolean;
  /** The host went back by itself from what was asked for last. */
  readonly returned: boolean;
}
