import { z } from "zod";
import type { Layout } from "../topology/layout";
import type { Topology } from "../topology/topology";
import type { LiveEvent } from "./live";
import type { Presence } from "./presence";

/** A link shows one topology, live, to whoever has it. */
const id = z.uuid();
export const STAGE_HOURS_MAX = 7 * 24;
export const CreateStageLinkInput = z.strictObject({ id, hours: z.int().min(1).max(STAGE_HOURS_MAX) });
export const RevokeStageLinkInput = z.strictObject({ id, linkId: id });
/** Told alike of a link that never was and of one that is over. */
export const STAGE_REFUSED = "This link does not work, or not any more. Ask whoever gave it to you for a new one.";
/** The secret stands in the first message of a socket: no address, and so no log, has it. */
export const StageInput = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{43}$/, STAGE_REFUSED) });

export interface StageLinkInfo {
  readonly id: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** How many look at it now. */
  readonly audience: number;
}

/** What the audience is told: the drawing whenever it changes, and what the host reports of its objects. Nothing of people, hosts or logs. */
export type StageEvent =
  | { readonly type: "drawing"; readonly name: string; readonly revision: number; readonly document: Topology; readonly layout: Layout }
  | Extract<LiveEvent, { type: "deployment" | "objects" | "counters" | "removed" }>;

/** Where the presenter is, in each of his tabs; without his name. */
export interface Presenter extends Presence {
  readonly key: string;
}
export type PresenterEvent =
  | { readonly type: "all"; readonly tabs: readonly Presenter[] }
  | { readonly type: "changed"; readonly tabs: readonly (Partial<Presenter> & Pick<Presenter, "key">)[]; readonly gone: readonly string[] };
