"use client";

import { validateTopology } from "@vpclab/shared/topology/validate";
import { TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import { useEditor, useEditorState } from "../../canvas/editor-context";
import { select } from "../../canvas/editor-store";
import { Segmented } from "../../ui/segmented";
import { Fact } from "./fact";
import { useCommand } from "./use-update";
import { toast } from "sonner";

/** Nothing selected: the topology as a whole, with hints that do not forbid anything. */
export function TopologyFields() {
  const { editor } = useEditor();
  const document = useEditorState((state) => state.document);
  const name = useEditorState((state) => state.name);
  const revision = useEditorState((state) => state.stored.revision);
  const command = useCommand();
  const hints = useMemo(() => validateTopology(document).filter(({ severity }) => severity === "warning"), [document]);
  const setAddressing = (addressing: "lab" | "aws") => {
    const refused = command("Change addressing", { op: "settings", set: { addressing } });
    if (refused !== null) toast.error(refused);
  };
  return (
    <section aria-label="Inspector of the topology" className="flex flex-col gap-4 overflow-y-auto p-4">
      <div>
        <p className="text-xs text-muted">Topology</p>
        <h2 className="truncate text-lg font-semibold">{name}</h2>
      </div>
      <dl className="flex flex-col gap-1.5">
        <Fact label="VPCs" value={String(document.vpcs.length)} />
        <Fact label="Subnets" value={String(document.subnets.length)} />
        <Fact label="Instances" value={String(document.instances.length)} />
        <Fact label="Peerings" value={String(document.peerings.length)} />
        <Fact label="Revision" value={String(revision)} />
      </dl>
      <div className="flex flex-col gap-1">
        <span className="text-xs text-muted">First address of a subnet</span>
        <Segmented
          label="Addressing"
          value={document.settings.addressing}
          options={[{ value: "lab", label: "Lab, .2" }, { value: "aws", label: "AWS, .4" }]}
          onChange={setAddressing}
        />
      </div>
      {hints.length > 0 ? (
        <ul aria-label="Hints" className="flex flex-col gap-1.5">
          {hints.map((hint) => (
            <li key={`${hint.code}${hint.objectId}`}>
              <button type="button" onClick={() => (hint.objectId ? select(editor, [hint.objectId]) : undefined)} className="flex w-full items-start gap-2 rounded-box bg-warn-soft px-3 py-2 text-left text-xs text-warn">
                <TriangleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
                {hint.message}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
