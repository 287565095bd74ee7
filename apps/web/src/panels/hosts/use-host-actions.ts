import { useQueryClient } from "@tanstack/react-query";
import type { MintedJoinToken } from "@vpclab/shared/wire/api";
import { useMemo } from "react";
import { toast } from "sonner";
import { useTRPC, useTRPCClient } from "../../trpc/trpc";
import { failureOf } from "../call-failure";

/** What an administrator can do with hosts. What is refused is said; the list is read again after each. */
export function useHostActions() {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();

  return useMemo(() => {
    const told = async (work: () => Promise<unknown>) => {
      try {
        await work();
      } catch (thrown) {
        toast.error(failureOf(thrown).message);
      }
      await queries.invalidateQueries({ queryKey: trpc.host.overview.queryKey() });
    };
    return {
      approve: (id: string) => void told(() => client.host.approve.mutate({ id })),
      reject: (id: string) => void told(() => client.host.reject.mutate({ id })),
      revoke: (id: string) => void told(() => client.host.revoke.mutate({ id })),
      unlock: (id: string) => void told(() => client.host.unlock.mutate({ id })),
      remove: (id: string) => void told(() => client.host.remove.mutate({ id })),
      /** Resolves when the host has answered, or was not reached, which is said. */
      check: (id: string) => told(() => client.host.check.mutate({ id })),
      rotateKey: () => void told(() => client.host.rotateKey.mutate()),
      /** Answers the token, or why there is none. */
      mint: async (name: string): Promise<MintedJoinToken | string> => {
        try {
          return await client.host.mintToken.mutate({ name });
        } catch (thrown) {
          return failureOf(thrown).message;
        }
      },
    };
  }, [client, queries, trpc]);
}

export type HostActions = ReturnType<typeof useHostActions>;
