"use client";

import { findObject } from "@vpclab/shared/topology/topology-index";
import { useEditorState } from "../../canvas/editor-context";
import { HOST_ID } from "../../canvas/scene";
import type { EditorActions } from "../../canvas/use-editor-actions";
import { fieldsOf } from "./fields-of";
import { HostInspector } from "./host-inspector";
import { ObjectInspector } from "./object-inspector";
import { SelectionSummary } from "./selection-summary";
import { TopologyFields } from "./topology-fields";

/** Everything about what is selected. */
export function Inspector({ actions }: { readonly actions: EditorActions }) {
  const selection = useEditorState((state) => state.selection);
  const document = useEditorState((state) => state.document);
  if (selection.size === 0) return <TopologyFields />;
  if (selection.size > 1) return <SelectionSummary actions={actions} />;
  const [id] = [...selection];
  if (id === HOST_ID) return <HostInspector />;
  const found = id === undefined ? null : findObject(document, id);
  if (!found) return <TopologyFields />;
  return (
    <ObjectInspector key={id} kind={found.kind} id={found.object.id} name={found.object.name} actions={actions}>
      {fieldsOf(found.kind, found.object)}
    </ObjectInspector>
  );
}
