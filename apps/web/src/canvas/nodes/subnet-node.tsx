import { NodeResizeControl } from "@xyflow/react";
import type { NodeProps } from "@xyflow/react";
import clsx from "clsx";
import { Globe, ListFilter, Lock, Split, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { useEditor } from "../state/editor-context";
import { perform } from "../state/editor-store";
import type { SubnetNode } from "../scene/from-topology";
import { useMayDraw } from "../state/may-draw";
import { ObjectChip } from "./object-chip";
import { switchSubnetType } from "../gestures/switch-subnet-type";
import { NodeFrame } from "./node-frame";
import { ObjectReason, ObjectStateMark } from "./object-state-mark";
import { ResizeGrip } from "./resize-grip";

/** A subnet: public and private differ by colour and by sign; its route table and ACL by name. */
export const SubnetNodeView = memo(function SubnetNodeView({ id, data, selected }: NodeProps<SubnetNode>) {
  const { subnet, type, vpcName, cards, table, acl, blackholes } = data;
  const isPublic = type === "public";
  const mayDraw = useMayDraw();
  return (
    <NodeFrame id={id} object={`subnet:${subnet.name}`} selected={Boolean(selected)} className={isPublic ? "bg-public-soft" : "bg-private-soft"}>
      {selected && mayDraw ? <NodeResizeControl position="bottom-right" className="!border-0 !bg-transparent"><ResizeGrip /></NodeResizeControl> : null}
      <header className="flex items-start gap-2 px-3 pt-2.5">
        <TypeSign id={id} isPublic={isPublic} canSwitch={Boolean(selected) && mayDraw} />
        <div className="min-w-0 flex-1">
          <div className="when-far flex items-center gap-2">
            <span className="legible truncate font-medium">{subnet.name}</span>
            <span className="when-small"><ObjectStateMark id={id} /></span>
          </div>
          <div className="when-middle legible-sm numeric truncate text-muted">{subnet.cidr}</div>
          <div className="when-near mt-0.5 flex min-w-0 gap-1 overflow-hidden">
            <ObjectChip id={table.id} kind="route-table" name={`${vpcName}/${table.name}`} title={blackholes ? `Route table ${table.name}, blackhole for ${blackholes}` : `Route table ${table.name}`} className={blackholes ? "!border-warn !text-warn" : ""}>
              {blackholes ? <TriangleAlert className="size-3 shrink-0" aria-hidden /> : <Split className="size-3 shrink-0" aria-hidden />}
              <span className="truncate">{table.name}</span>
            </ObjectChip>
            <ObjectChip id={acl.id} kind="network-acl" name={`${vpcName}/${acl.name}`} title={`Network ACL ${acl.name}`}>
              <ListFilter className="size-3 shrink-0" aria-hidden />
              <span className="truncate">{acl.name}</span>
            </ObjectChip>
          </div>
          <ObjectReason id={id} />
        </div>
      </header>
      {cards === 0 && mayDraw ? (
        <p className="when-near pointer-events-none absolute inset-x-3 bottom-1/3 text-center text-xs text-muted">Drop an instance here</p>
      ) : null}
    </NodeFrame>
  );
});

interface TypeSignProps {
  readonly id: string;
  readonly isPublic: boolean;
  /** Only of a selected subnet: a click on the sign of any other selects it. */
  readonly canSwitch: boolean;
}

function TypeSign({ id, isPublic, canSwitch }: TypeSignProps) {
  const { editor } = useEditor();
  const Sign = isPublic ? Globe : Lock;
  const sign = <Sign className={clsx("size-4", isPublic ? "text-public" : "text-private")} aria-label={isPublic ? "Public" : "Private"} />;
  if (!canSwitch) return <span className="when-small mt-0.5 shrink-0">{sign}</span>;
  const label = isPublic ? "Make it private" : "Make it public";
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      onClick={(event) => {
        event.stopPropagation();
        perform(editor, switchSubnetType(editor.getState().document, id, isPublic ? "private" : "public"));
      }}
      className="nodrag when-small -m-0.5 shrink-0 rounded-[5px] border border-line bg-surface p-0.5 hover:border-line-strong"
    >
      {sign}
    </button>
  );
}
