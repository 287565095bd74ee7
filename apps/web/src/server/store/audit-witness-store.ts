import type { AuditHead } from "@vpclab/shared/wire/audit";
import type { AuditFault } from "@vpclab/shared/wire/audit-chain";
import { Prisma } from "../../generated/client";
import type { Tables } from "./database";
import { fromJson, toJson } from "./json";

export interface WitnessRow {
  readonly hostId: string;
  /** Oldest first. */
  readonly heads: readonly AuditHead[];
  readonly seenAt: Date;
  readonly fault: AuditFault | null;
}

type Stored = Prisma.AuditWitnessGetPayload<true>;
const rowOf = ({ heads, fault, ...stored }: Stored): WitnessRow => ({ ...stored, heads: fromJson<AuditHead[]>(heads), fault: fromJson<AuditFault | null>(fault) });

export const listWitnessRows = async (tables: Tables): Promise<WitnessRow[]> =>
  (await tables.auditWitness.findMany({ orderBy: { hostId: "asc" } })).map(rowOf);

export const findWitness = async (tables: Tables, hostId: string): Promise<WitnessRow | null> => {
  const stored = await tables.auditWitness.findUnique({ where: { hostId } });
  return stored && rowOf(stored);
};

export async function saveWitness(tables: Tables, { hostId, heads, seenAt, fault }: WitnessRow): Promise<void> {
  const data = { heads: toJson(heads), seenAt, fault: fault ? toJson(fault) : Prisma.DbNull };
  await tables.auditWitness.upsert({ where: { hostId }, create: { hostId, ...data }, update: data });
}
