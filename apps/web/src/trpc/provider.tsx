"use client";

import "./zod-without-eval";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { createClient } from "./client";
import { connectionStore } from "./connection-store";
import { TRPCProvider } from "./trpc";

/** A browser asks again for a query that failed for want of a connection, never for one that was refused. */
const retry = (failures: number, error: unknown): boolean => failures < 2 && !hasData(error);
const hasData = (error: unknown): boolean => Boolean((error as { data?: unknown } | null)?.data);

/** Gives the pages their server. On the server side of Next nothing is fetched, so the origin there is never used. */
export function ServerProvider({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(() => new QueryClient({ defaultOptions: { queries: { retry, staleTime: 5_000 } } }));
  const [{ client }] = useState(() =>
    createClient({
      origin: typeof window === "undefined" ? "http://localhost" : window.location.origin,
      onConnection: connectionStore.set,
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
