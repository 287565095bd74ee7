import { z } from "zod";

/** Who else has a topology open, and where they are on its canvas. Never stored, never in a log. */
const coordinate = z.number().min(-1e7).max(1e7);
const id = z.string().max(64);
const ids = z.array(id).max(100);

export const PointSchema = z.strictObject({ x: coordinate, y: coordinate });
/** The way of a packet as it is lit: object ids, in order. */
const PathSchema = z.strictObject({ there: ids, back: ids, reached: z.boolean(), arrived: z.boolean() });
/** What of the canvas is seen, in the canvas's own coordinates. */
const ViewSchema = z.strictObject({ x: coordinate, y: coordinate, width: z.number().positive().max(1e7), height: z.number().positive().max(1e7) });

/** What has changed; a field that is left out is as before. `cursor` null: outside of the canvas. */
export const PresencePatchSchema = z.strictObject({
  cursor: PointSchema.nullable().optional(), selection: ids.optional(), path: PathSchema.nullable().optional(), view: ViewSchema.nullable().optional(),
});
export const PresenceInput = z.strictObject({ id: z.uuid() });
export const PointInput = z.strictObject({ id: z.uuid(), patch: PresencePatchSchema });

export type PresencePatch = Readonly<z.infer<typeof PresencePatchSchema>>;

export interface Presence {
  readonly cursor: { readonly x: number; readonly y: number } | null;
  readonly selection: readonly string[];
  readonly path: z.infer<typeof PathSchema> | null;
  readonly view: z.infer<typeof ViewSchema> | null;
}
export const NOWHERE: Presence = { cursor: null, selection: [], path: null, view: null };

/** One open tab. */
export interface PersonHere extends Presence {
  /** Names the tab as long as it is open. */
  readonly key: string;
  readonly name: string;
  /** The lowest number that nobody else here has: gives the colour. */
  readonly place: number;
}

/** `all` comes first. `changed`: only the fields that did; who is new comes whole. `you`: null where the listener only watches. */
export type PresenceEvent =
  | { readonly type: "all"; readonly people: readonly PersonHere[]; readonly you: string | null }
  | { readonly type: "changed"; readonly people: readonly (Partial<PersonHere> & Pick<PersonHere, "key">)[]; readonly gone: readonly string[] };

/** Tabs that are shown of one topology; those beyond see the others. */
export const PEOPLE_MAX = 32;
