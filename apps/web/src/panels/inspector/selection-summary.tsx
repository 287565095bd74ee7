"use client";

import {
  AlignCenterHorizontal, AlignCenterVertical, AlignEndHorizontal, AlignEndVertical, AlignHorizontalDistributeCenter, AlignStartHorizontal,
  AlignStartVertical, AlignVerticalDistributeCenter, Cable, Trash2,
} from "lucide-react";
import type { ReactNode } from "react";
import { toast } from "sonner";
import { peerVpcs } from "../../canvas/gestures/add-by-key";
import { ARRANGEMENTS, ARRANGEMENT_WORDS, arrange } from "../../canvas/gestures/arrange";
import type { Arrangement } from "../../canvas/gestures/arrange";
import { useEditor, useEditorState } from "../../canvas/state/editor-context";
import { perform } from "../../canvas/state/editor-store";
import type { Gesture, Judged } from "../../canvas/gestures/gesture";
import { randomBytes } from "../../canvas/gestures/random-bytes";
import { rootBoxes } from "../../canvas/scene/roots";
import type { EditorActions } from "../../canvas/hooks/use-editor-actions";
import { Button } from "../../ui/button";
import { IconButton } from "../../ui/icon-button";
import { countInWords } from "../../canvas/scene/object-counts";

const SIGN = "size-4";
const ARRANGEMENT_SIGNS: Readonly<Record<Arrangement, ReactNode>> = {
  left: <AlignStartVertical className={SIGN} />, center: <AlignCenterVertical className={SIGN} />, right: <AlignEndVertical className={SIGN} />,
  top: <AlignStartHorizontal className={SIGN} />, middle: <AlignCenterHorizontal className={SIGN} />, bottom: <AlignEndHorizontal className={SIGN} />,
  across: <AlignHorizontalDistributeCenter className={SIGN} />, down: <AlignVerticalDistributeCenter className={SIGN} />,
};

/** Several objects at once: what they are, and what can be done with all of them by those who may (`actions`). */
export function SelectionSummary({ actions }: { readonly actions: EditorActions | null }) {
  const { editor, scene } = useEditor();
  const selection = useEditorState((state) => state.selection);
  const vpcs = [...selection].filter((id) => id.startsWith("vpc-"));
  const [first, second] = vpcs;
  const done = (made: Judged<Gesture>) => {
    if (made.ok) perform(editor, made);
    else toast.error(made.reason);
  };
  const peer = () => (first && second ? done(peerVpcs(scene(), first, second, randomBytes)) : undefined);
  const boxes = rootBoxes(scene(), selection).length;
  const can = ARRANGEMENTS.filter((how) => boxes >= (how === "across" || how === "down" ? 3 : 2));
  return (
    <section aria-label="Inspector of the selection" className="flex flex-col gap-3 p-4">
      <h2 className="text-lg font-semibold">{`${selection.size} selected`}</h2>
      <p className="text-sm text-muted">{countInWords(selection)}</p>
      {actions && can.length > 0 ? (
        <div role="group" aria-label="Arrange" className="flex flex-wrap gap-0.5 rounded-box border border-line p-0.5">
          {can.map((how) => <IconButton key={how} label={ARRANGEMENT_WORDS[how]} icon={ARRANGEMENT_SIGNS[how]} onClick={() => done(arrange(scene(), selection, how))} />)}
        </div>
      ) : null}
      {actions ? <div className="flex flex-wrap gap-2">
        {vpcs.length === 2 && selection.size === 2 ? <Button onClick={peer}><Cable className="size-4" aria-hidden />Peer the two</Button> : null}
        <Button look="danger" onClick={actions.deleteSelection}><Trash2 className="size-4" aria-hidden />Delete</Button>
      </div> : null}
    </section>
  );
}
