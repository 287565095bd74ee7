"use client";

import type { AuditFilter } from "@vpclab/shared/wire/audit-api";
import { Download } from "lucide-react";
import { useState } from "react";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { failureOf } from "../call-failure";
import { PageBar } from "../people/page-bar";
import { AuditFilterBar } from "./audit-filter-bar";
import { AuditTable } from "./audit-table";
import { ChainState } from "./chain-state";
import { useAudit, useAuditExport } from "./use-audit";

/** Who did or tried what on this server: a page for administrators. */
export function AuditView() {
  const [filter, setFilter] = useState<AuditFilter>({});
  const { query, verify } = useAudit(filter);
  const exporting = useAuditExport(filter);
  const error = query.error ?? verify.error ?? exporting.error;
  const chain = query.data?.pages[0]?.chain;
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? null;
  return (
    <div className="flex min-h-dvh flex-col">
      <PageBar />
      <main className="mx-auto w-full max-w-7xl px-6 py-6">
        <div className="mb-4 flex items-center gap-3">
          <h1 className="text-xl font-semibold">Audit log</h1>
          <span className="ml-auto flex gap-2">
            {(["csv", "json"] as const).map((format) => (
              <Button key={format} size="sm" disabled={exporting.isPending} onClick={() => exporting.mutate(format)}>
                <Download className="size-3.5" aria-hidden />{format.toUpperCase()}
              </Button>
            ))}
          </span>
        </div>
        {error ? <div className="mb-4"><ErrorLine>{failureOf(error).message}</ErrorLine></div> : null}
        {chain ? <ChainState chain={chain} verifying={verify.isPending} onVerify={() => verify.mutate()} /> : null}
        <AuditFilterBar filter={filter} onChange={setFilter} />
        <AuditTable
          entries={entries}
          onFilter={(more) => setFilter({ ...filter, ...more })}
          older={query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : null}
        />
      </main>
    </div>
  );
}
