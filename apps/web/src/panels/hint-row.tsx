"use client";

import type { Hint } from "@vpclab/shared/hints/hint";
import { TriangleAlert, Wrench } from "lucide-react";
import { toast } from "sonner";
import { useEditor, useScene } from "../canvas/state/editor-context";
import { perform, select } from "../canvas/state/editor-store";
import { objectName } from "../canvas/scene/object-name";
import { randomBytes } from "../canvas/gestures/random-bytes";
import { Button } from "../ui/button";
import { useLooksOnly } from "./people/use-looks-only";

/** One hint: a click on it shows the object, its button mends it in one undo step. */
export function HintRow({ hint, place }: { readonly hint: Hint; /** Says which object, too. */ readonly place?: boolean }) {
  const { editor } = useEditor();
  const { index } = useScene();
  const looksOnly = useLooksOnly();
  const { fix } = hint;
  const mend = () => {
    if (!fix) return;
    const done = perform(editor, { label: fix.label, command: fix.command(randomBytes), layoutPatch: {} });
    if (!done.ok) toast.error(done.error[0]?.message ?? "This cannot be mended by itself.");
  };
  return (
    <li data-hint={hint.code} className={`flex items-start gap-2 rounded-box bg-warn-soft px-3 py-2 text-xs text-warn ${place ? "" : "flex-col"}`}>
      <button type="button" onClick={() => select(editor, [hint.objectId])} className="flex min-w-0 flex-1 items-start gap-2 text-left">
        <TriangleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
        <span>
          {place ? <span className="mr-1.5 font-medium">{objectName(index, hint.objectId) ?? hint.objectId}</span> : null}
          {hint.message}
        </span>
      </button>
      {fix && !looksOnly ? <Button size="sm" onClick={mend}><Wrench className="size-3" aria-hidden />{fix.label}</Button> : null}
    </li>
  );
}
