"use client";

import { findObject } from "@vpclab/shared/topology/topology-index";
import { useEditorState } from "../../canvas/editor-context";
import type { EditorActions } from "../../canvas/use-editor-actions";
import { GatewayFields } from "./gateway-fields";
import { InstanceFields } from "./instance-fields";
import { ObjectInspector } from "./object-inspector";
import { PeeringFields } from "./peering-fields";
import { SelectionSummary } from "./selection-summary";
import { SubnetFields } from "./subnet-fields";
import { TopologyFields } from "./topology-fields";
import { VpcFields } from "./vpc-fields";
import type { ObjectByKind } from "@vpclab/shared/topology/topology";

/** Everything about what is selected. */
export function Inspector({ actions }: { readonly actions: EditorActions }) {
  const selection = useEditorState((state) => state.selection);
  const document = useEditorState((state) => state.document);
  if (selection.size === 0) return <TopologyFields />;
  if (selection.size > 1) return <SelectionSummary actions={actions} />;
  const [id] = [...selection];
  const found = id === undefined ? null : findObject(document, id);
  if (!found) return <TopologyFields />;
  return (
    <ObjectInspector key={id} kind={found.kind} id={found.object.id} name={found.object.name} actions={actions}>
      {found.kind === "vpc" ? <VpcFields vpc={found.object as ObjectByKind["vpc"]} />
        : found.kind === "subnet" ? <SubnetFields subnet={found.object as ObjectByKind["subnet"]} />
        : found.kind === "instance" ? <InstanceFields instance={found.object as ObjectByKind["instance"]} />
        : found.kind === "internet-gateway" ? <GatewayFields gateway={found.object as ObjectByKind["internet-gateway"]} />
        : <PeeringFields peering={found.object as ObjectByKind["peering"]} />}
    </ObjectInspector>
  );
}
