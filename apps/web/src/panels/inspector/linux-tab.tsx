"use client";

import { linuxCommandsFor, previewContext } from "@vpclab/shared/plan/describe";
import { useMemo } from "react";
import { useEditorState, useLive } from "../../canvas/editor-context";
import { CommandBlock } from "../../ui/command-block";

/** The commands behind one object: what Apply will run for it, and what makes it from nothing. */
export function LinuxTab({ id }: { readonly id: string }) {
  const document = useEditorState((state) => state.document);
  const topologyId = useEditorState((state) => state.topologyId);
  const name = useEditorState((state) => state.name);
  const pending = useLive((live) => live.plan?.changes.find((change) => change.objectId === id));
  const making = useMemo(
    () => linuxCommandsFor(document, previewContext(document, { id: topologyId, name }), id),
    [document, topologyId, name, id],
  );
  return (
    <div className="flex flex-col gap-4 p-4">
      {pending ? (
        <section className="flex flex-col gap-2">
          <h3 className="text-sm font-medium">Apply will run</h3>
          <CommandBlock commands={pending.commands} label="Copy the commands of the next apply" />
        </section>
      ) : null}
      <section className="flex flex-col gap-2">
        <h3 className="text-sm font-medium">What makes it</h3>
        <p className="text-xs text-muted">As you would type them. Inside its namespace, try <code className="numeric">ip -c addr</code>.</p>
        {making.length > 0
          ? <CommandBlock commands={making} label="Copy the commands that make it" />
          : <p className="text-sm text-muted">This object needs no commands of its own.</p>}
      </section>
    </div>
  );
}
