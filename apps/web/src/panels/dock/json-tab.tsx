"use client";

import { useMemo } from "react";
import { useEditorState } from "../../canvas/editor-context";
import { CopyButton } from "../../ui/copy-button";
import { topologyText } from "../topology-file";

/** The document as it is stored and exported. */
export function JsonTab() {
  const name = useEditorState((state) => state.name);
  const document = useEditorState((state) => state.document);
  const layout = useEditorState((state) => state.layout);
  const text = useMemo(() => topologyText({ name, document, layout }), [name, document, layout]);
  return (
    <div className="relative h-full">
      <div className="absolute top-1 right-4"><CopyButton text={text} label="Copy the document" /></div>
      <pre tabIndex={0} aria-label="Document as JSON" className="numeric h-full overflow-auto p-3 text-xs leading-5">{text}</pre>
    </div>
  );
}
