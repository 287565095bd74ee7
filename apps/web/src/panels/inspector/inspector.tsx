"use client";

import { findObject } from "@vpclab/shared/topology/topology-index";
import { useEditorState } from "../../canvas/state/editor-context";
import { HOST_ID } from "../../canvas/scene/scene";
import type { EditorActions } from "../../canvas/hooks/use-editor-actions";
import { useLooksOnly } from "../people/use-looks-only";
import { fieldsOf } from "./fields-of";
import { HostInspector } from "./host-inspector";
import { ObjectInspector } from "./object-inspector";
import { LiveReadOnlyObject } from "./read-only-object";
import { ReadOnlyTopology } from "./read-only-topology";
import { SelectionSummary } from "./selection-summary";
import { TopologyFields } from "./topology-fields";

/** Everything about what is selected; for those who only look without anything that changes it. */
export function Inspector({ actions }: { readonly actions: EditorActions }) {
  const selection = useEditorState((state) => state.selection);
  const document = useEditorState((state) => state.document);
  const looksOnly = useLooksOnly();
  if (selection.size === 0) return looksOnly ? <ReadOnlyTopology /> : <TopologyFields />;
  if (selection.size > 1) return <SelectionSummary actions={looksOnly ? null : actions} />;
  const [id] = [...selection];
  if (id === HOST_ID) return <HostInspector />;
  const found = id === undefined ? null : findObject(document, id);
  if (!found) return looksOnly ? <ReadOnlyTopology /> : <TopologyFields />;
  return (
    <ObjectInspector key={id} kind={found.kind} id={found.object.id} name={found.object.name} actions={looksOnly ? null : actions}>
      {looksOnly ? <LiveReadOnlyObject kind={found.kind} object={found.object} /> : fieldsOf(found.kind, found.object)}
    </ObjectInspector>
  );
}
