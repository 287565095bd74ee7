"use client";

import { ViewportPortal } from "@xyflow/react";
import type { Difference } from "@vpclab/shared/topology/diff";
import clsx from "clsx";
import { changesByVpc } from "../scene/compare-documents";
import type { Change } from "../scene/compare-documents";
import { labelPoint } from "../scene/edge-path";
import type { EdgeRoutes } from "../scene/edge-routes";
import { useScene } from "../state/editor-context";
import type { Rect } from "../scene/rect";

export const CHANGE_SIGN: Readonly<Record<Change, { readonly sign: string; readonly word: string; readonly text: string; readonly soft: string; readonly outline: string }>> = {
  added: { sign: "+", word: "added", text: "text-ok", soft: "bg-ok-soft text-ok", outline: "border-ok border-solid" },
  removed: { sign: "−", word: "removed", text: "text-bad", soft: "bg-bad-soft text-bad", outline: "border-bad border-dashed removed-ghost" },
  changed: { sign: "~", word: "changed", text: "text-warn", soft: "bg-warn-soft text-warn", outline: "border-warn border-double" },
};

/** Lines of what has no box, at its VPC. */
const LINES_MAX = 4;

/** What differs between two revisions, by sign, line and colour, over the drawing that holds both. */
export function ChangeMarks({ differences, routes }: { readonly differences: readonly Difference[]; readonly routes: EdgeRoutes }) {
  const { document, world } = useScene();
  const placeOf = (id: string): Rect | null => world.get(id) ?? edgePlace(routes, id);
  const inside = changesByVpc(document, differences, (id) => placeOf(id) !== null);
  return (
    <ViewportPortal>
      {differences.map((difference) => {
        const place = placeOf(difference.id);
        return place ? <Mark key={difference.id} difference={difference} place={place} /> : null;
      })}
      {[...inside].map(([vpcId, changes]) => {
        const place = world.get(vpcId);
        return place ? <InsideMark key={vpcId} changes={changes} place={place} /> : null;
      })}
    </ViewportPortal>
  );
}

function Mark({ difference, place }: { readonly difference: Difference; readonly place: Rect }) {
  const { change, name } = difference;
  const { sign, word, soft, outline } = CHANGE_SIGN[change];
  const { x, y, width, height } = place;
  return (
    <div
      role="img" aria-label={`${name} ${word}`} data-change={change}
      className={clsx("pointer-events-none absolute rounded-[10px] border-[calc(3px*var(--legible,1))]", outline)}
      style={{ transform: `translate(${x - 4}px, ${y - 4}px)`, width: width + 8, height: height + 8, zIndex: 7 }}
    >
      <span className={clsx("legible absolute -top-[0.7em] -left-[0.7em] flex size-[1.6em] items-center justify-center rounded-full border border-current font-semibold", soft)}>{sign}</span>
    </div>
  );
}

function InsideMark({ changes, place }: { readonly changes: readonly Difference[]; readonly place: Rect }) {
  const shown = changes.slice(0, LINES_MAX);
  return (
    <div className="when-small pointer-events-none absolute flex items-end p-2" style={{ transform: `translate(${place.x}px, ${place.y}px)`, width: place.width, height: place.height, zIndex: 7 }}>
      <ul className="rounded-box border border-line bg-surface/90 px-2 py-1 shadow-lifted">
        {shown.map(({ id, change, name }) => (
          <li key={id} data-change={change} className={clsx("legible-sm truncate", CHANGE_SIGN[change].text)}>{`${CHANGE_SIGN[change].sign} ${name}`}</li>
        ))}
        {changes.length > shown.length ? <li className="legible-sm text-muted">{`${changes.length - shown.length} more`}</li> : null}
      </ul>
    </div>
  );
}

/** A peering is marked at its label. */
function edgePlace(routes: EdgeRoutes, id: string): Rect | null {
  const points = id.startsWith("pcx-") ? routes.get(id) : undefined;
  if (!points || points.length === 0) return null;
  const { x, y } = labelPoint(points);
  return { x: x - 70, y: y - 30, width: 140, height: 60 };
}
