"use client";

import type { ActivitySummary } from "@vpclab/shared/wire/activity";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useEditor, useLive } from "../../canvas/editor-context";

interface Activity {
  /** Newest first; null while they are asked for. */
  readonly entries: readonly ActivitySummary[] | null;
  readonly error: unknown;
  /** Asks for older ones; null when there are none, or they are on their way. */
  readonly older: (() => void) | null;
}

/** What was done on this topology: what the server has kept, and above it what happens while the page is open. */
export function useActivity(onlyTrouble: boolean): Activity {
  const { api } = useEditor();
  const live = useLive(({ activities }) => activities);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ["activity", onlyTrouble],
    queryFn: ({ pageParam }) => api.activity(pageParam, onlyTrouble),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.at(-1)?.id ?? null,
    staleTime: 0, gcTime: 0,
  });
  const entries = useMemo(() => {
    if (!data) return null;
    const kept = data.pages.flat();
    const known = new Set(kept.map(({ id }) => id));
    return [...live.filter(({ id, outcome }) => !known.has(id) && (!onlyTrouble || outcome !== "done")), ...kept];
  }, [data, live, onlyTrouble]);
  return { entries, error, older: hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : null };
}
