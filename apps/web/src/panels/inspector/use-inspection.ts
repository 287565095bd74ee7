import { useState } from "react";
import type { Inspection } from "@vpclab/shared/wire/live";
import { useEditor } from "../../canvas/state/editor-context";

/** What the kernel holds of one object, when somebody asks. */
export function useInspection(objectId: string) {
  const { api } = useEditor();
  const [startedAt, setStartedAt] = useState<number | null>(null);
  const [answer, setAnswer] = useState<{ readonly objectId: string; readonly inspection: Inspection | null; readonly error: string | null } | null>(null);
  const read = async () => {
    if (startedAt !== null) return;
    setStartedAt(Date.now());
    try {
      setAnswer({ objectId, inspection: await api.inspect(objectId), error: null });
    } catch (thrown) {
      setAnswer({ objectId, inspection: null, error: api.failureOf(thrown).message });
    }
    setStartedAt(null);
  };
  const own = answer?.objectId === objectId ? answer : null;
  return { read: () => void read(), startedAt, inspection: own?.inspection ?? null, error: own?.error ?? null };
}
