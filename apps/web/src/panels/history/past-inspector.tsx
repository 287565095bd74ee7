"use client";

import { kindWord } from "@vpclab/shared/topology/diff";
import type { FieldChange } from "@vpclab/shared/topology/diff";
import { useMemo } from "react";
import { objectThroughTime } from "../../canvas/scene/object-through-time";
import type { ObjectThroughTime } from "../../canvas/scene/object-through-time";
import { EditorProvider, useEditorState } from "../../canvas/state/editor-context";
import { Section } from "../../ui/section";
import { Place } from "../inspector/object-inspector";
import { ReadOnlyObject } from "../inspector/read-only-object";
import { ReadOnlyTopology } from "../inspector/read-only-topology";
import { SelectionSummary } from "../inspector/selection-summary";
import { RevisionSlider } from "./revision-slider";
import type { History, PastView } from "./use-history";
import { useRevisions } from "./use-revisions";

interface PastInspectorProps {
  readonly history: History;
  readonly view: PastView;
}

/** What is selected, as it was at the revision on the canvas: to be read, and to be moved through time with the slider. */
export function PastInspector({ history, view }: PastInspectorProps) {
  const { rows } = useRevisions();
  const shown = rows?.find(({ revision }) => revision === view.revision);
  return (
    <div className="flex h-full min-h-0 flex-col">
      {rows && shown ? (
        <div className="shrink-0 border-b border-line px-4 py-2">
          <p className="text-sm"><strong className="font-semibold">{`Revision ${shown.revision}`}</strong><span className="text-muted">{`, by ${shown.author}`}</span></p>
          <RevisionSlider rows={[...rows].reverse()} shown={shown} onShow={({ revision }) => history.show(revision)} />
        </div>
      ) : null}
      <EditorProvider value={view.editor}><Selected view={view} /></EditorProvider>
    </div>
  );
}

function Selected({ view }: { readonly view: PastView }) {
  const selection = useEditorState((state) => state.selection);
  const [id, ...more] = selection;
  const { drawing, beside } = view;
  const found = useMemo(
    () => (id === undefined ? null : objectThroughTime(drawing.document, beside.document, beside.isLater, id)),
    [drawing.document, beside.document, beside.isLater, id],
  );
  if (more.length > 0) return <SelectionSummary actions={null} />;
  if (!found) return <ReadOnlyTopology hints={false} />;
  const { kind, object } = found;
  const word = kindWord(kind);
  return (
    <section aria-label={`Inspector of ${word} ${object.name} at revision ${view.revision}`} className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
      <header>
        <p className="truncate text-xs text-muted">{word.charAt(0).toUpperCase() + word.slice(1)}<Place id={object.id} /></p>
        <h2 className="truncate text-lg font-semibold">{object.name}</h2>
      </header>
      <Then found={found} view={view} />
      <ReadOnlyObject kind={kind} object={object} document={found.document} />
    </section>
  );
}

/** How the object differs between the revision and what it is looked at beside. */
function Then({ found, view: { revision, beside } }: { readonly found: ObjectThroughTime; readonly view: PastView }) {
  const [earlier, later] = beside.isLater ? [`revision ${revision}`, beside.title] : [beside.title, `revision ${revision}`];
  if (!found.isThere) {
    const sentence = beside.isLater ? `It was not there at revision ${revision}. This is what it is in ${beside.title}.` : `It is gone at revision ${revision}. This is what it was in ${beside.title}.`;
    return <Note text={sentence} />;
  }
  if (!found.isInOther) return <Note text={beside.isLater ? `It no longer exists: ${beside.title} is without it.` : `It is new: ${beside.title} was without it.`} />;
  if (!found.difference) return <p className="text-xs text-muted">{`The same in ${earlier} and ${later}.`}</p>;
  return (
    <Section title={`Changed between ${earlier} and ${later}`}>
      <ul aria-label="What differs in it" className="flex flex-col gap-1 rounded-box bg-warn-soft px-3 py-2">
        {found.difference.fields.map((change, at) => <ChangeLine key={`${change.field} ${at}`} change={change} />)}
      </ul>
    </Section>
  );
}

const Note = ({ text }: { readonly text: string }) => <p role="status" aria-label="Through time" className="rounded-box bg-warn-soft px-3 py-2 text-sm text-warn">{text}</p>;

const ChangeLine = ({ change: { field, before, after } }: { readonly change: FieldChange }) => (
  <li className="text-sm">
    <span className="text-xs text-warn">{`~ ${field}`}</span>
    <span className="numeric block text-xs break-words"><del>{before}</del><span aria-label="became">{" → "}</span><ins className="no-underline">{after}</ins></span>
  </li>
);
