"use client";

import { validateTopology } from "@vpclab/shared/topology/validate";
import { TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import { useEditor, useEditorState } from "../../canvas/editor-context";
import { select } from "../../canvas/editor-store";

/** What the rules allow and a person may not have meant. A click shows the object. */
export function Hints() {
  const { editor } = useEditor();
  const document = useEditorState((state) => state.document);
  const hints = useMemo(() => validateTopology(document).filter(({ severity }) => severity === "warning"), [document]);
  if (hints.length === 0) return null;
  return (
    <ul aria-label="Hints" className="flex flex-col gap-1.5">
      {hints.map((hint) => (
        <li key={`${hint.code} ${hint.path.join("/")}`}>
          <button type="button" onClick={() => (hint.objectId ? select(editor, [hint.objectId]) : undefined)} className="flex w-full items-start gap-2 rounded-box bg-warn-soft px-3 py-2 text-left text-xs text-warn">
            <TriangleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
            {hint.message}
          </button>
        </li>
      ))}
    </ul>
  );
}
