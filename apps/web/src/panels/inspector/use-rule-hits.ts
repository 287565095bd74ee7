import type { RuleHits } from "@vpclab/shared/wire/live";
import { useEffect, useState } from "react";
import { useEditor, useLive } from "../../canvas/state/editor-context";

const EVERY_MS = 2_000;

/** How often the rules of one object have decided: asked of the host every two seconds while somebody looks, and not in a hidden tab. */
export function useRuleHits(objectId: string, hasRules = true): RuleHits | null {
  const { api } = useEditor();
  const standing = useLive(({ host, deployment }) => Boolean(host?.online) && deployment.revision > 0 && deployment.state !== "empty");
  const [found, setFound] = useState<{ readonly objectId: string; readonly hits: RuleHits } | null>(null);
  const looking = standing && hasRules;
  useEffect(() => {
    if (!looking) return;
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = () => {
      if (wanted) timer = setTimeout(ask, EVERY_MS);
    };
    const ask = () => {
      if (document.hidden) return next();
      // An answer that does not come leaves the last figures; the badge of the host says why.
      api.ruleHits(objectId).then((hits) => {
        if (wanted) setFound({ objectId, hits });
      }, () => undefined).finally(next);
    };
    ask();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [api, objectId, looking]);
  return looking && found?.objectId === objectId ? found.hits : null;
}
