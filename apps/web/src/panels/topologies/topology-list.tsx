"use client";

import { useQuery } from "@tanstack/react-query";
import { templateOf, type TemplateName } from "@vpclab/shared/templates/template-catalog";
import type { TopologySummary } from "@vpclab/shared/wire/api";
import { useState } from "react";
import { useTRPC } from "../../trpc/trpc";
import { ErrorLine } from "../../ui/error-line";
import { failureOf } from "../call-failure";
import { NameDialog } from "../name-dialog";
import { PageBar } from "../people/page-bar";
import { CreateMenu } from "./create-menu";
import { DeleteTopologyDialog } from "./delete-topology-dialog";
import { EmptyList } from "./empty-list";
import { TopologyCard } from "./topology-card";
import { useTopologyActions } from "./use-topology-actions";

type Naming =
  | { readonly kind: "create"; readonly template: TemplateName }
  | { readonly kind: "rename" | "duplicate"; readonly topology: TopologySummary };

const TITLES = { create: "New topology", rename: "Rename topology", duplicate: "Duplicate topology" } as const;
const ACTIONS = { create: "Create", rename: "Rename", duplicate: "Duplicate" } as const;

/** All topologies of this person: the first page. */
export function TopologyList() {
  const trpc = useTRPC();
  const { data, error, dataUpdatedAt } = useQuery(trpc.topology.list.queryOptions(undefined, { refetchOnMount: "always" }));
  const { data: me } = useQuery(trpc.auth.me.queryOptions());
  const topologies = data ?? [];
  const actions = useTopologyActions(topologies.map(({ name }) => name));
  const [naming, setNaming] = useState<Naming | null>(null);
  const [deleting, setDeleting] = useState<TopologySummary | null>(null);

  const initialName = (): string => {
    if (!naming) return "";
    if (naming.kind === "create") return actions.newName();
    return naming.kind === "rename" ? naming.topology.name : actions.freeName(naming.topology.name);
  };
  const submit = (name: string): Promise<string | null> => {
    if (!naming) return Promise.resolve(null);
    if (naming.kind === "create") return actions.create(name, naming.template);
    return naming.kind === "rename" ? actions.rename(naming.topology.id, name) : actions.duplicate(naming.topology.id, name);
  };

  return (
    <div className="min-h-dvh">
      <PageBar />
      <main className="mx-auto max-w-5xl px-6 py-8">
        {error ? <ErrorLine>{failureOf(error).message}</ErrorLine> : null}
        {me?.role === "viewer" && data && topologies.length === 0 ? <p className="py-16 text-center text-muted">There is nothing to see yet. What the members of your classes draw appears here.</p> : data && me && topologies.length === 0 ? (
          <EmptyList onStart={actions.start} onImport={actions.importFile} />
        ) : (
          <>
            <div className="mb-5 flex items-center justify-between">
              <h1 className="text-xl font-semibold">Topologies</h1>
              {me && me.role !== "viewer" ? <CreateMenu onCreate={(template) => setNaming({ kind: "create", template })} onImport={actions.importFile} /> : null}
            </div>
            <ul aria-label="Topologies" className="grid grid-cols-[repeat(auto-fill,minmax(288px,1fr))] gap-4">
              {data ? topologies.map((topology) => (
                <TopologyCard
                  key={topology.id}
                  topology={topology}
                  me={me}
                  now={dataUpdatedAt}
                  onRename={() => setNaming({ kind: "rename", topology })}
                  onDuplicate={() => setNaming({ kind: "duplicate", topology })}
                  onDelete={() => setDeleting(topology)}
                />
              )) : [0, 1, 2].map((at) => <li key={at} aria-hidden className="h-36 rounded-box border border-line bg-surface opacity-60" />)}
            </ul>
          </>
        )}
      </main>
      <NameDialog
        open={naming !== null}
        onClose={() => setNaming(null)}
        title={naming ? TITLES[naming.kind] : ""}
        description={naming?.kind === "create" ? templateOf(naming.template).text : undefined}
        action={naming ? ACTIONS[naming.kind] : ""}
        initial={initialName()}
        submit={submit}
      />
      <DeleteTopologyDialog topology={deleting} onClose={() => setDeleting(null)} onDelete={(id) => void actions.remove(id)} />
    </div>
  );
}
