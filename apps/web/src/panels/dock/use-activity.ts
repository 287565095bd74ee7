"use client";

import type { ActivitySummary } from "@vpclab/shared/wire/activity";
import type { ActivityFilter } from "@vpclab/shared/wire/api";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useEditor, useLive } from "../../canvas/state/editor-context";

interface Activity {
  /** Newest first; null while they are asked for. */
  readonly entries: readonly ActivitySummary[] | null;
  readonly error: unknown;
  /** Asks for older ones; null when there are none, or they are on their way. */
  readonly older: (() => void) | null;
}

const SHOWN: Readonly<Record<ActivityFilter, (entry: ActivitySummary) => boolean>> = {
  everything: () => true,
  changes: ({ action }) => action !== "probe",
  trouble: ({ outcome }) => outcome !== "done",
};

/** What was done on this topology: what the server has kept, and above it what happens while the page is open. */
export function useActivity(only: ActivityFilter): Activity {
  const { api } = useEditor();
  const live = useLive(({ activities }) => activities);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ["activity", only],
    queryFn: ({ pageParam }) => api.activity(pageParam, only),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.at(-1)?.id ?? null,
    staleTime: 0, gcTime: 0,
  });
  const entries = useMemo(() => {
    if (!data) return null;
    const kept = data.pages.flat();
    const known = new Set(kept.map(({ id }) => id));
    return [...live.filter((entry) => !known.has(entry.id) && SHOWN[only](entry)), ...kept];
  }, [data, live, only]);
  return { entries, error, older: hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : null };
}
