"use client";

import { Maximize2, Minimize2 } from "lucide-react";
import { useState } from "react";
import { useEditorState, useScene } from "../../canvas/state/editor-context";
import { byName } from "../../canvas/scene/object-name";
import { vpcIdOf } from "../../canvas/scene/scene";
import { IconButton } from "../../ui/icon-button";
import { resourceMapOf } from "./resource-map";
import { ResourceMapView } from "./resource-map-view";

interface ResourceMapTabProps {
  readonly full: boolean;
  readonly onFull: (full: boolean) => void;
}

/** One VPC as a table of what leads where: the VPC of what is selected, or the one that was chosen last. */
export function ResourceMapTab({ full, onFull }: ResourceMapTabProps) {
  const { document, index } = useScene();
  const selection = useEditorState((state) => state.selection);
  const [chosen, setChosen] = useState<string | null>(null);
  const [only] = selection;
  const vpcs = document.vpcs.toSorted(byName);
  const vpcId = [only === undefined ? null : vpcIdOf(index, only), chosen, vpcs[0]?.id ?? null].find((id) => id !== null && index.vpcById.has(id)) ?? null;
  if (vpcId === null) return <p className="p-4 text-sm text-muted">Nothing is drawn yet. A VPC shows here which subnet is routed by which table, and where that leads.</p>;
  return (
    <div
      className="flex h-full min-h-0 flex-col"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !full) return;
        event.stopPropagation();
        onFull(false);
      }}
    >
      <div className="flex items-center gap-2 border-b border-line px-3 py-1.5">
        <select aria-label="VPC of the map" value={vpcId} onChange={(event) => setChosen(event.target.value)} disabled={only !== undefined && vpcIdOf(index, only) !== null} className="h-8 rounded-box border border-line bg-surface px-1.5 text-sm">
          {vpcs.map(({ id, name, cidr }) => <option key={id} value={id}>{name} {cidr}</option>)}
        </select>
        <span className="text-xs text-muted max-[1100px]:hidden">Point at a box to see what it leads to, and what leads to it.</span>
        <span className="ml-auto">
          <IconButton
            label={full ? "Back beneath the canvas" : "Enlarge the resource map"} aria-pressed={full}
            icon={full ? <Minimize2 className="size-4" /> : <Maximize2 className="size-4" />} onClick={() => onFull(!full)}
          />
        </span>
      </div>
      <ResourceMapView map={resourceMapOf(index, vpcId)} />
    </div>
  );
}
