import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProbeEndSchema } from "@vpclab/shared/analysis/probe";
import { TopologySchema } from "@vpclab/shared/topology/topology";
import { z } from "zod";

const FlowSchema = z.strictObject({
  source: ProbeEndSchema, destination: ProbeEndSchema, protocol: z.enum(["icmp", "tcp", "udp"]), port: z.int().nullable(), sourcePort: z.int(),
});

const PlaceSchema = z.strictObject({ namespace: z.string().nullable(), address: z.string() });
const AtPortSchema = z.strictObject({ address: z.string(), port: z.int() });
const ForbiddenSchema = z.strictObject({
  what: z.string(),
  probe: z.strictObject({
    protocol: z.enum(["icmp", "tcp", "udp"]), source: PlaceSchema, sourcePort: z.int(), to: AtPortSchema, forgedSource: z.string().optional(),
    target: z.strictObject({ ...PlaceSchema.shape, port: z.int() }),
  }),
});

/** Topologies with what was wrong in them: everything that is needed to see it again. */
const DisagreementSchema = z.strictObject({
  complaint: z.string(),
  /** The command that found it. */
  found: z.string(),
  publicPool: z.boolean(),
  /** null: about a whole run of changes. */
  question: z.union([
    z.strictObject({ flow: FlowSchema }), z.strictObject({ forbidden: ForbiddenSchema }), z.strictObject({ inPlace: z.literal(true) }),
  ]).nullable(),
  /** Applied side by side: one, or two. */
  topologies: z.array(TopologySchema).min(1),
  /** Applied before them, where it takes a change to see it. */
  before: z.array(TopologySchema).nullable(),
});
export type Disagreement = z.infer<typeof DisagreementSchema>;

/** Writes it down and answers with the file's path. */
export function writeDisagreement(folder: string, name: string, disagreement: Disagreement): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  writeFileSync(path, `${JSON.stringify(disagreement, null, 2)}\n`);
  return path;
}

export const readDisagreement = (path: string): Disagreement => DisagreementSchema.parse(JSON.parse(readFileSync(path, "utf8")));
