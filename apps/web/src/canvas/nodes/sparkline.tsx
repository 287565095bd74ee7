import clsx from "clsx";
import { useEffect, useRef } from "react";
import { useEditor } from "../state/editor-context";
import { sparklinePath } from "../state/sparkline-path";
import { HISTORY_SECONDS, trafficHistory } from "../state/traffic-history";

/** Levels of detail at which no rates are shown. */
const FAR: ReadonlySet<string> = new Set(["map", "far", "small"]);

/** The last minute of an object's traffic as one small area. It is drawn once a second by itself; nothing renders again. */
export function Sparkline({ id, className }: { readonly id: string; readonly className?: string }) {
  const { live } = useEditor();
  const path = useRef<SVGPathElement>(null);
  useEffect(() => trafficHistory(live).watch(id, (samples) => {
    const element = path.current;
    // Far out it is not shown, so it is not drawn either.
    const detail = element?.closest<HTMLElement>(".canvas")?.dataset.detail;
    if (!element || (detail !== undefined && FAR.has(detail))) return;
    element.setAttribute("d", sparklinePath(samples));
  }), [live, id]);
  return (
    <svg viewBox={`0 0 ${HISTORY_SECONDS - 1} 100`} preserveAspectRatio="none" role="img" aria-label="Traffic of the last minute" data-sparkline={id} className={clsx("pointer-events-none text-accent", className)}>
      <path ref={path} fill="currentColor" fillOpacity={0.22} stroke="currentColor" strokeWidth={1} strokeOpacity={0.7} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
