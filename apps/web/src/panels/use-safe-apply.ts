import { useEffect } from "react";
import { useEditor, useLive } from "../canvas/state/editor-context";

/** Asks how long the host waits for the server after an apply: at first, and when another host is chosen. */
export function useSafeApply(): void {
  const { api, live } = useEditor();
  const hostId = useLive(({ host }) => host?.id);
  useEffect(() => {
    let isOver = false;
    // Without an answer nothing is offered, and an apply goes as the one before.
    api.safeApply().then((safe) => {
      if (!isOver) live.setState({ safe: { ...safe, isChosen: false } });
    }, () => undefined);
    return () => void (isOver = true);
  }, [api, live, hostId]);
}
