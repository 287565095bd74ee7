import { z } from "zod";

/**
 * The activity log: every action on a host with time, actor and result, and the Linux commands behind it. Written by the agent
 * (`activity.jsonl` in its state directory, one entry a line), sent to the server, shown on the page and by `vpcctl logs`.
 */
export const ACTIVITY_OUTCOMES = ["done", "failed", "refused"] as const;
/** Commands of one entry that are kept; an apply of a whole host has more. */
export const ACTIVITY_COMMANDS_MAX = 2000;

export const ActivityEntrySchema = z.strictObject({
  id: z.string().max(64),
  /** Unix milliseconds, when it was over. */
  at: z.int(),
  /** Who asked: a user of the server by name, `root (ann)` for a person with sudo on the host, `agent` for what the agent did by itself. */
  actor: z.string().max(128),
  /** `apply`, `remove`, `repair`, `rebuild`, `return`, `probe`, `purge`; of what vpcctl refused the command, e.g. `vpc create`. */
  action: z.string().max(32),
  topologyId: z.string().max(64).nullable(),
  topologyName: z.string().max(64).nullable(),
  revision: z.int().min(0).nullable(),
  /** What it was about in a sentence, e.g. `VPC “prod” added, subnet “public” added`. */
  text: z.string().max(1000),
  outcome: z.enum(ACTIVITY_OUTCOMES),
  /** Why it failed or was refused; null otherwise. */
  reason: z.string().max(1000).nullable(),
  seconds: z.number().min(0),
  /** As a person would type them, in the order they ran; a script of them does the same. */
  commands: z.array(z.string().max(20_000)).max(ACTIVITY_COMMANDS_MAX),
  /** How many more ran than are kept here. */
  commandsLeftOut: z.int().min(0),
});
export type ActivityEntry = z.infer<typeof ActivityEntrySchema>;

/** An entry as lists and live events carry it: the commands are asked for one entry at a time. */
export type ActivitySummary = Omit<ActivityEntry, "commands"> & { readonly commandCount: number };

export const summaryOf = ({ commands, ...entry }: ActivityEntry): ActivitySummary => ({ ...entry, commandCount: commands.length });
