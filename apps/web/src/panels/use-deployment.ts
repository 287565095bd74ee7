import { useCallback, useMemo } from "react";
import { toast } from "sonner";
import { useEditor } from "../canvas/state/editor-context";
import { failRun, startRun } from "../canvas/state/live-store";

/** Apply and tear down: first everything is saved, then the server is asked; progress arrives as live events. */
export function useDeployment() {
  const { api, autosave, live } = useEditor();

  const start = useCallback(async (ask: () => Promise<unknown>) => {
    if (!(await autosave.flush())) {
      toast.error("Not everything is saved yet, so nothing was applied. Settle that first.");
      return;
    }
    startRun(live, Date.now());
    try {
      await ask();
    } catch (thrown) {
      const { message } = api.failureOf(thrown);
      failRun(live, { code: "INTERNAL", message }, Date.now());
      toast.error(message);
    }
  }, [api, autosave, live]);

  return useMemo(() => ({
    apply: () => void start(() => {
      const { safe } = live.getState();
      return api.apply(safe?.isChosen ? safe.seconds : undefined);
    }),
    teardown: () => void start(() => api.teardown()),
  }), [api, live, start]);
}
