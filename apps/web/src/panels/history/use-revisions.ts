"use client";

import type { RevisionSummary } from "@vpclab/shared/wire/api";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useEditor, useEditorState } from "../../canvas/state/editor-context";

interface Revisions {
  /** Newest first; null while they are asked for. */
  readonly rows: readonly RevisionSummary[] | null;
  readonly error: unknown;
  /** Asks for older ones; null when there are none, or they are on their way. */
  readonly older: (() => void) | null;
}

/** What the server has kept of this topology; a save, whoever made it, adds one. */
export function useRevisions(): Revisions {
  const { api } = useEditor();
  const client = useQueryClient();
  const topologyId = useEditorState((state) => state.topologyId);
  const newest = useEditorState((state) => state.stored.revision);
  const key = useMemo(() => ["revisions", topologyId], [topologyId]);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => api.revisions(pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.at(-1)?.revision === 1 ? null : page.at(-1)?.revision ?? null),
    staleTime: 0,
  });
  useEffect(() => void client.invalidateQueries({ queryKey: key }), [client, key, newest]);
  const rows = useMemo(() => {
    const seen = new Map(data?.pages.flat().map((row) => [row.revision, row]));
    return data ? [...seen.values()].sort((a, b) => b.revision - a.revision) : null;
  }, [data]);
  return { rows, error, older: hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : null };
}
