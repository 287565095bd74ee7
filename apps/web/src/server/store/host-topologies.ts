import type { HostTopology } from "@vpclab/shared/wire/host-report";
import { Prisma } from "../../generated/client";
import type { Tables } from "./database";

type Row = Omit<HostTopology, "appliedAt"> & { readonly hostId: string; readonly appliedAt: Date | null };

/** What is on each host, by its id. Documents and the states of single objects stay in the database: they may be large. */
export async function listHostTopologies(tables: Tables): Promise<ReadonlyMap<string, readonly HostTopology[]>> {
  const rows = await tables.$queryRaw<Row[]>(Prisma.sql`
    SELECT t."id"::text AS "id", t."name", t."hostId"::text AS "hostId", t."revision",
      t."deployment"->>'state' AS "state",
      COALESCE((t."deployment"->>'revision')::int, 0) AS "applied",
      (t."deployment"->'returned') IS NOT NULL AS "returned",
      COALESCE((SELECT j."state" IN ('queued', 'sent', 'acked') FROM "Job" j WHERE j."topologyId" = t."id" ORDER BY j."generation" DESC LIMIT 1), false) AS "waiting",
      (SELECT max(j."finishedAt") FROM "Job" j WHERE j."topologyId" = t."id" AND j."state" = 'applied') AS "appliedAt"
    FROM "Topology" t WHERE t."hostId" IS NOT NULL ORDER BY t."name"`);
  const byHost = new Map<string, HostTopology[]>();
  for (const { hostId, appliedAt, ...row } of rows) {
    byHost.set(hostId, [...(byHost.get(hostId) ?? []), { ...row, appliedAt: appliedAt?.getTime() ?? null }]);
  }
  return byHost;
}
