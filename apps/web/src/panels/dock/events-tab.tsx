"use client";

import { useMemo, useState } from "react";
import { useEditorState, useLive, useScene } from "../../canvas/state/editor-context";
import { objectName } from "../../canvas/scene/object-name";
import { EVERY_EVENT, filterEvents, groupByApply } from "./event-filter";
import type { EventFilter } from "./event-filter";
import { EventFilterBar } from "./event-filter-bar";
import { EventList } from "./event-list";
import { RunProgress } from "./run-progress";

/** The running or last apply, object by object, and what the host said: by apply, newest first. */
export function EventsTab() {
  const log = useLive((live) => live.log);
  const run = useLive((live) => live.run);
  const { index } = useScene();
  const selection = useEditorState((state) => state.selection);
  const [filter, setFilter] = useState<EventFilter>(EVERY_EVENT);
  const shown = useMemo(() => filterEvents(log, filter, index), [log, filter, index]);
  const groups = useMemo(() => groupByApply(log, new Set(shown)), [log, shown]);
  const [id] = selection.size === 1 ? [...selection] : [];
  const name = id === undefined ? null : objectName(index, id);
  return (
    <div className="flex h-full min-h-0">
      {run ? <RunProgress run={run} /> : null}
      <div className="flex min-w-0 flex-1 flex-col">
        <EventFilterBar filter={filter} onChange={setFilter} selected={id === undefined || name === null ? null : { id, name }} shown={shown.length} of={log.length} />
        {shown.length > 0 ? <EventList groups={groups} /> : (
          <p className="p-4 text-sm text-muted">{log.length === 0 ? "Nothing has happened yet. Apply the drawing and watch it come to life here." : "No event is like that."}</p>
        )}
      </div>
    </div>
  );
}
