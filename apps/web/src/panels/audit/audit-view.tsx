"use client";

import type { AuditFilter } from "@vpclab/shared/wire/audit-api";
import { ArrowLeft, Download } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { Logo } from "../../ui/logo";
import { ThemeToggle } from "../../ui/theme-toggle";
import { failureOf } from "../call-failure";
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
      <header className="flex h-12 items-center gap-2 border-b border-line bg-surface px-4">
        <Link href="/" className="flex items-center gap-2 rounded-box font-semibold hover:opacity-80"><Logo />vpclab</Link>
        <span className="ml-auto"><ThemeToggle /></span>
      </header>
      <main className="mx-auto w-full max-w-7xl px-6 py-6">
        <div className="mb-4 flex items-center gap-3">
          <Link href="/" aria-label="Back to the topologies" className="rounded-box p-1 text-muted hover:bg-raised hover:text-text"><ArrowLeft className="size-4" aria-hidden /></Link>
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
