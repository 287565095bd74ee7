import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { appRouter } from "./app-router";

type Schema = z.core.$ZodType;
interface Def {
  readonly type: string;
  readonly shape?: Record<string, Schema>;
  readonly catchall?: Schema;
  readonly getter?: () => Schema;
  readonly options?: readonly Schema[];
  readonly items?: readonly Schema[];
}
const PARTS = ["innerType", "element", "keyType", "valueType", "in", "out", "left", "right", "rest"] as const;
/** Documents: a decoder of their own reads them, field by field, for every way that a topology comes in. */
const UNREAD = ["topology.import document", "topology.import layout", "deployment.preview desired"];

/** The objects of a schema that take more than they name, and what is let through unread, each by its path. */
function openPlaces(schema: Schema, path: string, seen = new Set<Schema>()): string[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const def = schema._zod.def as unknown as Def & Partial<Record<(typeof PARTS)[number], Schema | null>>;
  const own = def.type === "unknown" || def.type === "any" || (def.type === "object" && (def.catchall?._zod.def as Def | undefined)?.type !== "never") ? [path] : [];
  const fields = Object.entries(def.shape ?? {}).map(([key, inner]) => [`${path} ${key}`, inner] as const);
  const others = [def.getter?.(), ...(def.options ?? []), ...(def.items ?? []), ...PARTS.map((part) => def[part])].filter((inner) => inner !== undefined && inner !== null);
  return [...own, ...fields.flatMap(([at, inner]) => openPlaces(inner, at, seen)), ...others.flatMap((inner) => openPlaces(inner, path, seen))];
}

describe("inputs of procedures", () => {
  const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { inputs: Schema[] } }>);

  it("are objects that take nothing but what they name, down to the last", () => {
    const open = procedures.flatMap(([path, { _def }]) => _def.inputs.flatMap((schema) => openPlaces(schema, path)));
    expect(open.sort()).toEqual([...UNREAD].sort());
    expect(procedures.filter(([, { _def }]) => _def.inputs.length > 0).length).toBeGreaterThan(18);
  });
});
