import { useQueryClient } from "@tanstack/react-query";
import { DEFAULT_TOPOLOGY_NAME } from "@vpclab/shared/net/namespace-name";
import { nextName } from "@vpclab/shared/topology/allocate";
import type { TemplateName } from "@vpclab/shared/templates/template-catalog";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { toast } from "sonner";
import { useTRPC, useTRPCClient } from "../../trpc/trpc";
import { failureOf } from "../call-failure";
import { randomBytes } from "../../canvas/gestures/random-bytes";
import { parseTopologyFile, textOfFile } from "../topology-file";

/** What can be done with whole topologies. Those that are asked by a dialog answer the reason when they are refused. */
export function useTopologyActions(names: readonly string[]) {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();

  return useMemo(() => {
    const refresh = () => queries.invalidateQueries({ queryKey: trpc.topology.list.queryKey() });
    const tried = async (work: () => Promise<unknown>): Promise<string | null> => {
      try {
        await work();
        await refresh();
        return null;
      } catch (thrown) {
        return failureOf(thrown).message;
      }
    };
    const freeName = (stem: string) => nextName(names, stem, { bareFirst: true });
    // The first one is called `default`: its namespaces then have the plain names that people type, such as vpc1-public.
    const newName = () => (names.includes(DEFAULT_TOPOLOGY_NAME) ? freeName("lab") : DEFAULT_TOPOLOGY_NAME);
    const open = ({ id }: { readonly id: string }) => router.push(`/t/${id}`);
    const told = async (work: () => Promise<unknown>) => {
      const refused = await tried(work);
      if (refused !== null) toast.error(refused);
    };
    return {
      freeName,
      newName,
      create: (name: string, template: TemplateName) => tried(async () => open(await client.topology.create.mutate({ name, template }))),
      /** One click to something alive: no name is asked for. */
      start: (template: TemplateName) => void told(async () => open(await client.topology.create.mutate({ name: newName(), template }))),
      rename: (id: string, name: string) => tried(() => client.topology.rename.mutate({ id, name })),
      duplicate: (id: string, name: string) => tried(() => client.topology.duplicate.mutate({ id, name })),
      remove: (id: string) => told(() => client.topology.remove.mutate({ id })),
      importFile: (file: File) => void told(async () => {
        const { name, document, layout } = parseTopologyFile(await textOfFile(file), file.name, randomBytes);
        open(await client.topology.import.mutate({ name: names.includes(name) ? freeName(name) : name, document, layout }));
      }),
    };
  }, [client, names, queries, router, trpc]);
}
