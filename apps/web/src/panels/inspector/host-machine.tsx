"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useLive } from "../../canvas/state/editor-context";
import { useTRPC } from "../../trpc/trpc";
import { ErrorLine } from "../../ui/error-line";
import { Section } from "../../ui/section";
import { failureOf } from "../call-failure";
import { HostChecks } from "../hosts/host-checks";
import { HostLoad, HostMemory } from "../hosts/host-load";

const REFRESH_MS = 5000;

/** How busy the machine is and what its agent found there: for administrators, to whom the server tells of machines. */
export function HostMachine() {
  const trpc = useTRPC();
  const hostId = useLive((live) => live.host?.id ?? null);
  const { data: me } = useQuery(trpc.auth.me.queryOptions());
  const manages = me?.role === "admin";
  const { data, error } = useQuery(trpc.host.overview.queryOptions(undefined, { enabled: manages && hostId !== null, refetchInterval: REFRESH_MS }));
  if (!manages) return null;
  const host = data?.hosts.find(({ id }) => id === hostId);
  return (
    <Section title="Machine">
      {error ? <ErrorLine>{failureOf(error).message}</ErrorLine> : null}
      {host ? (
        <>
          <div className="text-sm">
            <p className="text-xs text-muted">Load (1, 5, 15 min), memory in use</p>
            {host.load ? <><HostLoad load={host.load} />, <HostMemory load={host.load} /></> : host.online ? "not told yet" : "away"}
          </div>
          <HostChecks found={host.checks} now={data?.now ?? 0} onLook={null} />
        </>
      ) : null}
      <Link href="/hosts" className="text-sm text-accent underline-offset-2 hover:underline">Open the Hosts page</Link>
    </Section>
  );
}
