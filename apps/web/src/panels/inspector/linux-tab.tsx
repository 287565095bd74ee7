"use client";

import { carriedOut } from "@vpclab/shared/plan/carried-out";
import { linuxCommandsFor, previewContext } from "@vpclab/shared/plan/describe";
import { useMemo } from "react";
import { useEditorState, useLive } from "../../canvas/state/editor-context";
import { CommandBlock } from "../../ui/command-block";
import { CommandList } from "../../ui/command-list";
import { KernelState } from "./kernel-state";

/** The commands behind one object, and what the kernel holds of it: what Apply will run, what makes it from nothing, what is there. */
export function LinuxTab({ id }: { readonly id: string }) {
  const document = useEditorState((state) => state.document);
  const topologyId = useEditorState((state) => state.topologyId);
  const name = useEditorState((state) => state.name);
  const pending = useLive((live) => live.plan?.changes.find((change) => change.objectId === id));
  const { making, others } = useMemo(() => {
    const context = previewContext(document, { id: topologyId, name });
    return { making: linuxCommandsFor(document, context, id), others: carriedOut(document, context, id) };
  }, [document, topologyId, name, id]);
  return (
    <div className="flex flex-col gap-4 p-4">
      <KernelState key={id} id={id} />
      {pending ? (
        <section className="flex flex-col gap-2">
          <h3 className="text-sm font-medium">Apply will run</h3>
          <CommandBlock commands={pending.commands} label="Copy the commands of the next apply" />
        </section>
      ) : null}
      {making.length > 0 || !others ? (
        <section className="flex flex-col gap-2">
          <h3 className="text-sm font-medium">What makes it</h3>
          <p className="text-xs text-muted">As you would type them. Inside its namespace, try <code className="numeric">ip -c addr</code>.</p>
          {making.length > 0
            ? <CommandList commands={making} label="Copy the commands that make it" />
            : <p className="text-sm text-muted">This object needs no commands of its own.</p>}
        </section>
      ) : null}
      {others ? (
        <section className="flex flex-col gap-2">
          <h3 className="text-sm font-medium">What carries it out</h3>
          <p className="text-xs text-muted">{`Its part of the rules of another namespace${others.alsoIn > 0 ? `, the same in ${others.alsoIn} more` : ""}.`}</p>
          <CommandBlock commands={[others.command]} label="Copy the rules that carry it out" />
        </section>
      ) : null}
    </div>
  );
}
