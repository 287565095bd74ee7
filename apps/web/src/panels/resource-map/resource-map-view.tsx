import clsx from "clsx";
import { useEffect, useRef, useState } from "react";
import { useEditor, useEditorState } from "../../canvas/state/editor-context";
import { select } from "../../canvas/state/editor-store";
import { ObjectStateMark } from "../../canvas/nodes/object-state-mark";
import { KindIcon } from "../kind-icon";
import { chainOf, MAP_COLUMNS } from "./resource-map";
import type { MapBox, ResourceMap } from "./resource-map";

const ROW = 56;
const BOX_HEIGHT = 44;
/** Of a box; and between two, for the lines. */
const [WIDTH_MIN, WIDTH_MAX, GAP_MIN, GAP_MAX] = [148, 240, 32, 88];
const HEAD = 36;

interface Place {
  readonly x: number;
  readonly y: number;
}
interface Columns {
  readonly box: number;
  /** From one column to the next. */
  readonly pitch: number;
}

/** As wide as there is room for; below the least width it scrolls. */
function columnsIn(room: number): Columns {
  const pitch = Math.min(WIDTH_MAX + GAP_MAX, Math.max(WIDTH_MIN + GAP_MIN, Math.floor((room + GAP_MIN) / MAP_COLUMNS.length)));
  return { pitch, box: Math.min(WIDTH_MAX, pitch - GAP_MIN) };
}

/** Boxes in four columns; the chain of what is pointed at, or has the focus, stands out. A click selects. */
export function ResourceMapView({ map: { boxes, links } }: { readonly map: ResourceMap }) {
  const { editor } = useEditor();
  const selection = useEditorState((state) => state.selection);
  const [pointed, setPointed] = useState<string | null>(null);
  const element = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(Infinity);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setRoom(entry.contentRect.width));
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  const columns = columnsIn(room);
  const places = placesOf(boxes, columns);
  const lit = pointed === null ? null : chainOf(links, pointed);
  const rows = Math.max(1, ...MAP_COLUMNS.map((_, column) => boxes.filter((box) => box.column === column).length));
  const size = { width: columns.pitch * (MAP_COLUMNS.length - 1) + columns.box, height: HEAD + rows * ROW };
  return (
    <div ref={element} className="min-h-0 flex-1 overflow-auto p-3" role="group" aria-label="Resource map">
      <div className="relative" style={size}>
        {MAP_COLUMNS.map((name, column) => (
          <h3 key={name} className="absolute top-0 text-xs font-medium text-muted" style={{ left: column * columns.pitch }}>{name} ({boxes.filter((box) => box.column === column).length})</h3>
        ))}
        <svg aria-hidden className="pointer-events-none absolute inset-0" {...size}>
          {links.map(({ from, to }) => {
            const isLit = lit?.has(from) && lit.has(to);
            return <path key={`${from} ${to}`} d={curve(places.get(from)!, places.get(to)!, columns)} fill="none" stroke={isLit ? "var(--color-accent)" : "var(--color-line-strong)"} strokeWidth={isLit ? 2.5 : 1.5} opacity={lit && !isLit ? 0.35 : 1} />;
          })}
        </svg>
        {boxes.map(({ id, kind, isPublic, name, detail }) => (
          <button
            key={id}
            type="button"
            data-map={name}
            data-lit={lit?.has(id) ?? false}
            onClick={() => select(editor, [id])}
            onPointerEnter={() => setPointed(id)}
            onPointerLeave={() => setPointed(null)}
            onFocus={() => setPointed(id)}
            onBlur={() => setPointed(null)}
            className={clsx(
              "absolute flex items-center gap-2 rounded-box border bg-surface px-2.5 text-left",
              lit?.has(id) || selection.has(id) ? "border-accent" : "border-line", lit && !lit.has(id) && "opacity-45",
            )}
            style={{ left: places.get(id)!.x, top: places.get(id)!.y, width: columns.box, height: BOX_HEIGHT }}
          >
            <KindIcon kind={kind} isPublic={isPublic} />
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm font-medium">{name}</span>
              <span className="numeric block truncate text-xs text-muted">{detail}</span>
            </span>
            <ObjectStateMark id={id} />
          </button>
        ))}
      </div>
    </div>
  );
}

function placesOf(boxes: readonly MapBox[], { pitch }: Columns): ReadonlyMap<string, Place> {
  const filled = new Map<number, number>();
  return new Map(boxes.map(({ id, column }) => {
    const row = filled.get(column) ?? 0;
    filled.set(column, row + 1);
    return [id, { x: column * pitch, y: HEAD + row * ROW }];
  }));
}

function curve(from: Place, to: Place, { box }: Columns): string {
  const [x1, y1, x2, y2] = [from.x + box, from.y + BOX_HEIGHT / 2, to.x, to.y + BOX_HEIGHT / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}
