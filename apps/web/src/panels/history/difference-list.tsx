"use client";

import { describeDifference } from "@vpclab/shared/topology/diff";
import type { Difference } from "@vpclab/shared/topology/diff";
import { useReactFlow } from "@xyflow/react";
import clsx from "clsx";
import { CHANGE_SIGN } from "../../canvas/overlays/change-marks";
import type { Editor } from "../../canvas/state/editor-context";
import { select } from "../../canvas/state/editor-store";
import { motionMs } from "../../canvas/hooks/motion-ms";
import { vpcIdOf } from "../../canvas/scene/scene";

interface DifferenceListProps {
  readonly differences: readonly Difference[];
  readonly editor: Editor;
  /** After one was selected. */
  readonly onObject: () => void;
}

/** What differs, a line each; a click selects it and brings it into view. */
export function DifferenceList({ differences, editor, onObject }: DifferenceListProps) {
  const { fitBounds } = useReactFlow();
  const show = (id: string) => {
    select(editor.editor, [id]);
    onObject();
    const { world, index } = editor.scene();
    const place = world.get(id) ?? world.get(index.peeringById.get(id)?.requesterVpcId ?? "") ?? world.get(vpcIdOf(index, id) ?? "");
    if (place) void fitBounds(place, { padding: 0.4, duration: motionMs(150) });
  };
  if (differences.length === 0) return <p className="px-1 text-sm text-muted">Nothing that matters to the network.</p>;
  return (
    <ul aria-label="Differences" className="flex flex-col gap-1">
      {differences.map((difference) => {
        const { sign, soft } = CHANGE_SIGN[difference.change];
        return (
          <li key={difference.id}>
            <button type="button" onClick={() => show(difference.id)} className="flex w-full items-start gap-2 rounded-box px-1 py-1 text-left text-sm hover:bg-raised">
              <span aria-hidden className={clsx("numeric flex size-5 shrink-0 items-center justify-center rounded-[5px] font-semibold", soft)}>{sign}</span>
              <span className="min-w-0 break-words">{describeDifference(difference)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
