"use client";

import { useQuery } from "@tanstack/react-query";
import type { HostDetails } from "@vpclab/shared/wire/api";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTRPC } from "../../trpc/trpc";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { failureOf } from "../call-failure";
import { PageBar } from "../people/page-bar";
import { AddHostDialog } from "./add-host-dialog";
import { HostCard } from "./host-card";
import { RevokeDialog } from "./revoke-dialog";
import { ServerKey } from "./server-key";
import { useHostActions } from "./use-host-actions";

const REFRESH_MS = 2000;
/** What wants something of an administrator comes first. */
const ORDER = { locked: 0, pending: 1, approved: 2, revoked: 3 } as const;

/** The machines of this server. */
export function HostList() {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.host.overview.queryOptions(undefined, { refetchInterval: REFRESH_MS, refetchOnMount: "always" }));
  const actions = useHostActions();
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<HostDetails | null>(null);
  const hosts = data?.hosts.toSorted((a, b) => ORDER[a.state] - ORDER[b.state]);
  return (
    <div className="min-h-dvh">
      <PageBar />
      <main className="mx-auto max-w-5xl px-6 py-8">
        {error ? <div className="mb-4"><ErrorLine>{failureOf(error).message}</ErrorLine></div> : null}
        <div className="mb-5 flex items-center justify-between">
          <h1 className="text-xl font-semibold">Hosts</h1>
          <Button look="primary" onClick={() => setAdding(true)}><Plus className="size-4" aria-hidden />Add host</Button>
        </div>
        {hosts?.length === 0 ? (
          <p className="rounded-box border border-line bg-surface p-6 text-sm text-muted">
            A host is a Linux machine that becomes the drawing. None has joined yet: add one, and paste the command that you get on it.
          </p>
        ) : null}
        <ul aria-label="Hosts" className="flex flex-col gap-4">
          {hosts?.map((host) => <HostCard key={host.id} host={host} now={data?.now ?? 0} actions={actions} onRevoke={() => setRevoking(host)} />)
            ?? <li aria-hidden className="h-40 rounded-box border border-line bg-surface opacity-60" />}
        </ul>
        {data ? <ServerKey serverKey={data.serverKey} onRotate={actions.rotateKey} /> : null}
      </main>
      <AddHostDialog open={adding} onClose={() => setAdding(false)} mint={actions.mint} />
      <RevokeDialog host={revoking} onClose={() => setRevoking(null)} onRevoke={actions.revoke} />
    </div>
  );
}
