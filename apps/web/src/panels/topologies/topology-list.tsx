"use client";

import { useQuery } from "@tanstack/react-query";
import type { TemplateName, TopologySummary } from "@vpclab/shared/wire/api";
import { ScrollText } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTRPC } from "../../trpc/trpc";
import { ErrorLine } from "../../ui/error-line";
import { Logo } from "../../ui/logo";
import { ThemeToggle } from "../../ui/theme-toggle";
import { failureOf } from "../call-failure";
import { NameDialog } from "../name-dialog";
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
      <header className="flex h-12 items-center gap-2 border-b border-line bg-surface px-4">
        <Logo />
        <span className="font-semibold">vpclab</span>
        <Link href="/audit" className="ml-auto flex items-center gap-1.5 rounded-box px-2 py-1 text-sm text-muted hover:bg-raised hover:text-text"><ScrollText className="size-4" aria-hidden />Audit log</Link>
        <ThemeToggle />
      </header>
      <main className="mx-auto max-w-5xl px-6 py-8">
        {error ? <ErrorLine>{failureOf(error).message}</ErrorLine> : null}
        {data && topologies.length === 0 ? (
          <EmptyList onStart={actions.start} onImport={actions.importFile} />
        ) : (
          <>
            <div className="mb-5 flex items-center justify-between">
              <h1 className="text-xl font-semibold">Topologies</h1>
              <CreateMenu onCreate={(template) => setNaming({ kind: "create", template })} onImport={actions.importFile} />
            </div>
            <ul aria-label="Topologies" className="grid grid-cols-[repeat(auto-fill,minmax(288px,1fr))] gap-4">
              {data ? topologies.map((topology) => (
                <TopologyCard
                  key={topology.id}
                  topology={topology}
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
        action={naming ? ACTIONS[naming.kind] : ""}
        initial={initialName()}
        submit={submit}
      />
      <DeleteTopologyDialog topology={deleting} onClose={() => setDeleting(null)} onDelete={(id) => void actions.remove(id)} />
    </div>
  );
}
