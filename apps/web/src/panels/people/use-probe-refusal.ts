import { useLive } from "../../canvas/state/editor-context";
import { useLooksOnly } from "./use-looks-only";

/** Why no packet can be sent now; undefined: it can. The server decides; this only offers less. */
export function useProbeRefusal(): string | undefined {
  const online = useLive(({ host }) => host?.online ?? false);
  const looksOnly = useLooksOnly();
  if (looksOnly) return "Viewers send no packets";
  return online ? undefined : "No host is online";
}
