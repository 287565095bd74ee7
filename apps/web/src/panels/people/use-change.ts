import { useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { failureOf } from "../call-failure";

/** Does something and loads again what the page shows; a refusal is said in a short message. */
export function useChange(): (work: () => Promise<unknown>) => void {
  const queries = useQueryClient();
  return (work) => void (async () => {
    try {
      await work();
    } catch (thrown) {
      toast.error(failureOf(thrown).message);
    }
    await queries.invalidateQueries();
  })();
}
