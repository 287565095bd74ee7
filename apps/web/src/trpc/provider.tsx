"use client";

import "./zod-without-eval";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { createClient } from "./client";
import { connectionStore } from "./connection-store";
import { wireErrorOf } from "./wire-error";
import { TRPCProvider } from "./trpc";

/** A browser asks again for a query that failed for want of a connection, never for one that was refused. */
const retry = (failures: number, error: unknown): boolean => failures < 2 && !hasData(error);
const hasData = (error: unknown): boolean => Boolean((error as { data?: unknown } | null)?.data);

/** Sessions end: by the clock, from another page, or by an administrator. */
function leaveWhenSignedOut(error: unknown): void {
  if (wireErrorOf(error).code === "UNAUTHENTICATED") window.location.assign("/signin");
}

/** Gives the pages their server. On the server side of Next nothing is fetched, so the origin there is never used. */
export function ServerProvider({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(() => new QueryClient({ defaultOptions: { queries: { retry, staleTime: 5_000 } }, queryCache: new QueryCache({ onError: leaveWhenSignedOut }) }));
  const [{ client }] = useState(() =>
    createClient({
      origin: typeof window === "undefined" ? "http://localhost" : window.location.origin,
      onConnection: connectionStore.set,
      onSessionEnd: () => window.location.assign("/signin"),
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}

/** False while the live connection is lost; true before the first one, so that nothing flashes at start. */
export const useConnected = (): boolean =>
  useSyncExternalStore(connectionStore.subscribe, connectionStore.get, () => true);
