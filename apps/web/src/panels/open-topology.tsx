"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useMemo } from "react";
import { useTRPC, useTRPCClient } from "../trpc/trpc";
import { ErrorLine } from "../ui/error-line";
import { failureOf } from "./call-failure";
import { createEditorApi } from "./client-editor-api";
import { EditorView } from "./editor-view";
import { SIDE_WIDTH } from "./use-panel-sizes";

/** Loads a topology and opens its editor. What is loaded here is only the beginning; the editor keeps itself up to date. */
export function OpenTopology({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const api = useMemo(() => createEditorApi(client, id), [client, id]);
  const { data, error } = useQuery(trpc.topology.get.queryOptions({ id }, { staleTime: 0, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false }));
  if (error) {
    return (
      <main className="mx-auto flex max-w-md flex-col gap-4 p-8">
        <ErrorLine>{failureOf(error).message}</ErrorLine>
        <Link href="/" className="text-accent underline">All topologies</Link>
      </main>
    );
  }
  return data ? <EditorView key={id} snapshot={data} api={api} /> : <Skeleton />;
}

/** The editor's places, empty: nothing jumps when it is there. */
const Skeleton = () => (
  <div role="status" aria-label="Loading the topology" className="flex h-dvh flex-col">
    <div className="h-12 border-b border-line bg-surface" />
    <div className="flex flex-1">
      <div className="w-60 border-r border-line bg-surface" />
      <div className="flex-1" />
      <div className="border-l border-line bg-surface" style={{ width: SIDE_WIDTH }} />
    </div>
  </div>
);
