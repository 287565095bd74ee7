"use client";

import { REVISIONS_KEPT } from "@vpclab/shared/wire/api";
import type { RevisionSummary } from "@vpclab/shared/wire/api";
import { useEditorState } from "../../canvas/state/editor-context";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { SelectField } from "../../ui/select-field";
import { failureOf } from "../call-failure";
import { DifferenceList } from "./difference-list";
import { RevisionRow } from "./revision-row";
import { RevisionSlider } from "./revision-slider";
import type { Against, History } from "./use-history";
import { useRevisions } from "./use-revisions";

interface HistoryPanelProps {
  readonly history: History;
  /** An object was chosen from the list of differences: it is to be read about. */
  readonly onObject: () => void;
}

/** Everything that the topology was: a slider through it, what changed between any two, and the way back. */
export function HistoryPanel({ history, onObject }: HistoryPanelProps) {
  const { rows, error, older } = useRevisions();
  const stored = useEditorState((state) => state.stored.revision);
  if (error) return <div className="p-4"><ErrorLine>{failureOf(error).message}</ErrorLine></div>;
  const newest = rows?.[0];
  if (!rows || !newest) return <p className="p-4 text-sm text-muted">Revisions are being asked for.</p>;
  const show = ({ revision }: RevisionSummary) => (revision === newest.revision && history.against === null ? history.leave() : history.show(revision));
  const shown = rows.find(({ revision }) => revision === history.revision) ?? newest;
  return (
    <section aria-label="History" className="flex h-full min-h-0 flex-col">
      <header className="flex shrink-0 flex-col gap-2 border-b border-line px-4 py-3">
        <p className="text-sm"><strong className="font-semibold">{`Revision ${shown.revision}`}</strong><span className="text-muted">{shown === newest ? ", as it is now" : `, by ${shown.author}`}</span></p>
        <RevisionSlider rows={[...rows].reverse()} shown={shown} onShow={show} />
        <SelectField
          label="Show what differs from"
          value={String(history.against ?? "")}
          options={comparable(rows, shown.revision)}
          onChange={(value) => {
            if (history.revision === null) history.show(shown.revision);
            history.compare(againstOf(value));
          }}
        />
        {history.error ? <ErrorLine>{failureOf(history.error).message}</ErrorLine> : null}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        {history.view?.differences ? (
          <section aria-label="What differs" className="mb-3 border-b border-line px-1 pb-3">
            <DifferenceList differences={history.view.differences} editor={history.view.editor} onObject={onObject} />
          </section>
        ) : null}
        <ol aria-label="Revisions">
          {rows.map((row) => <RevisionRow key={row.revision} row={row} isNow={row.revision === stored} shown={row.revision === shown.revision} onShow={() => show(row)} />)}
        </ol>
        {older ? <div className="flex justify-center p-2"><Button size="sm" look="quiet" onClick={older}>Show older ones</Button></div> : null}
        <p className="p-2 text-xs text-muted">{`The newest ${REVISIONS_KEPT} are kept, and what the last applies asked for.`}</p>
      </div>
    </section>
  );
}

function comparable(rows: readonly RevisionSummary[], shown: number) {
  const others = rows.filter(({ revision }) => revision !== shown);
  return [
    { value: "", label: "nothing: the revision as it was" },
    { value: "now", label: "what is drawn now" },
    ...others.map(({ revision, author }) => ({ value: String(revision), label: `revision ${revision}${revision === shown - 1 ? ", the one before" : ""}, by ${author}` })),
  ];
}

const againstOf = (value: string): Against => (value === "" ? null : value === "now" ? "now" : Number(value));
