import clsx from "clsx";
import { loadLevel } from "../../ui/format-rate";
import { useLive } from "../state/editor-context";

/** Seconds in which the dashes move by two of their lengths, by load. */
const PERIOD_S = [0, 2.4, 1.4, 0.8, 0.45] as const;
const WIDTH = [0, 2, 2.5, 3.5, 5] as const;

/** From this load on an edge stands out from afar: its whole way is lit, and its label has a sign. */
const BUSY = 4;

interface FlowLineProps {
  /** Objects whose counters it shows together, separated by spaces. */
  readonly ids: string;
  /** Along which the dashes move, from the object outwards. */
  readonly path: string;
}

/** Traffic on an edge, one moving line per direction: its width and speed follow the load, its absence means silence. */
export function FlowLine({ ids, path }: FlowLineProps) {
  const objects = ids.split(" ");
  const sent = useLive(({ counters }) => loadLevel(objects.reduce((sum, id) => sum + (counters[id]?.txBytesPerSecond ?? 0), 0)));
  const received = useLive(({ counters }) => loadLevel(objects.reduce((sum, id) => sum + (counters[id]?.rxBytesPerSecond ?? 0), 0)));
  return (
    <g data-flow={Math.max(sent, received)} className="pointer-events-none text-accent">
      {Math.max(sent, received) < BUSY ? null : <path d={path} fill="none" stroke="currentColor" strokeOpacity={0.25} style={{ strokeWidth: "calc(11px * var(--legible, 1))" }} />}
      {[sent, received].map((level, backwards) => level === 0 ? null : (
        <path
          key={backwards}
          d={path}
          fill="none"
          stroke="currentColor"
          strokeLinecap="round"
          strokeDashoffset={backwards ? 6 : 0}
          className={clsx("flow-dash", backwards === 1 && "backwards")}
          style={{ strokeWidth: `calc(${WIDTH[level]}px * var(--legible, 1))`, "--flow-period": `${PERIOD_S[level]}s` } as React.CSSProperties}
        />
      ))}
    </g>
  );
}
