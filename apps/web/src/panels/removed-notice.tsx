"use client";

import Link from "next/link";
import { useEditor, useEditorState } from "../canvas/state/editor-context";
import { Button } from "../ui/button";
import { downloadTopology } from "./topology-file";

/** Somebody deleted the topology while it is open here. What is on the screen can still be kept. */
export function RemovedNotice() {
  const { editor } = useEditor();
  const removed = useEditorState((state) => state.removed);
  if (!removed) return null;
  return (
    <div role="alert" className="flex items-center gap-3 border-b border-line bg-bad-soft px-4 py-2 text-sm text-bad">
      <span className="flex-1">This topology was deleted. Nothing is saved any more, but what you see can still be exported.</span>
      <Button size="sm" onClick={() => downloadTopology(editor.getState())}>Export JSON</Button>
      <Link href="/" className="underline">All topologies</Link>
    </div>
  );
}
