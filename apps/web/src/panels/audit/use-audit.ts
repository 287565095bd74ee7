import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import type { AuditEntry } from "@vpclab/shared/wire/audit";
import type { AuditFilter, AuditPage } from "@vpclab/shared/wire/audit-api";
import { auditCsv } from "@vpclab/shared/wire/audit-csv";
import { useTRPC, useTRPCClient } from "../../trpc/trpc";
import { downloadText } from "../download-text";

const PAGE = 100;

/** The audit log as it is shown: pages of entries that fit the filter, newest first. */
export function useAudit(filter: AuditFilter) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const query = useInfiniteQuery({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam }) => client.audit.list.query({ ...filter, limit: PAGE, cursor: pageParam }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  });
  const verify = useMutation(trpc.audit.verify.mutationOptions({ onSuccess: () => void query.refetch() }));
  return { query, verify };
}

export type ExportFormat = "csv" | "json";

/** Fetches everything that fits the filter and hands it to the browser as a file. */
export function useAuditExport(filter: AuditFilter) {
  const client = useTRPCClient();
  return useMutation({
    mutationFn: async (format: ExportFormat) => {
      const entries: AuditEntry[] = [];
      for (let cursor: number | null = null; ;) {
        const page: AuditPage = await client.audit.export.mutate({ ...filter, cursor });
        entries.push(...page.entries);
        if (page.next === null) break;
        cursor = page.next;
      }
      if (format === "csv") downloadText("vpclab-audit.csv", auditCsv(entries), "text/csv");
      else downloadText("vpclab-audit.json", `${JSON.stringify(entries, null, 2)}\n`, "application/json");
      return entries.length;
    },
  });
}
