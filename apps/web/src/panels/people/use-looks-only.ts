import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../trpc/trpc";

/** Whether the signed-in user sees topologies and changes none. The server decides; this only offers less. */
export function useLooksOnly(): boolean {
  const { data: me } = useQuery(useTRPC().auth.me.queryOptions());
  return me?.role === "viewer";
}
