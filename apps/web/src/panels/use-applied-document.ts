import type { Topology } from "@vpclab/shared/topology/topology";
import { useEffect, useState } from "react";
import { useEditor, useLive } from "../canvas/state/editor-context";

/** The document that stands on the host, asked for once for each revision; null while unknown, or while nothing stands there. */
export function useAppliedDocument(): Topology | null {
  const { api } = useEditor();
  const revision = useLive(({ deployment }) => (deployment.state === "empty" ? 0 : deployment.revision));
  const [found, setFound] = useState<{ readonly revision: number; readonly document: Topology } | null>(null);
  useEffect(() => {
    if (revision === 0) return;
    let wanted = true;
    // Without it there is less to say and nothing to mend: the badge of host or save says what is away.
    api.revision(revision).then(({ document }) => { if (wanted) setFound({ revision, document }); }, () => undefined);
    return () => { wanted = false; };
  }, [api, revision]);
  return found !== null && found.revision === revision ? found.document : null;
}
