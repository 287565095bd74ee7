"use client";

import type { LogLine } from "@vpclab/shared/wire/live";
import { useEditor, useLive } from "../../canvas/editor-context";
import { select } from "../../canvas/editor-store";
import { RunProgress } from "./run-progress";

const TONE: Readonly<Record<LogLine["level"], string>> = { info: "text-muted", warn: "text-warn", error: "text-bad" };

/** The running or last apply, object by object, and what the host said, newest first. */
export function EventsTab() {
  const log = useLive((live) => live.log);
  const run = useLive((live) => live.run);
  const { editor } = useEditor();
  return (
    <div className="flex h-full min-h-0">
      {run ? <RunProgress run={run} /> : null}
      <ol aria-label="Events" className="min-w-0 flex-1 overflow-y-auto p-2">
        {log.length === 0 ? <li className="p-2 text-sm text-muted">Nothing has happened yet. Apply the drawing and watch it come to life here.</li> : null}
        {[...log].reverse().map((line, at) => (
          <li key={`${line.at}/${log.length - at}`}>
            <button
              type="button"
              onClick={() => (line.objectId ? select(editor, [line.objectId]) : undefined)}
              className="flex w-full items-baseline gap-3 rounded-box px-2 py-0.5 text-left text-sm hover:bg-raised"
            >
              <time className="numeric shrink-0 text-xs text-muted">{new Date(line.at).toLocaleTimeString("en-GB")}</time>
              <span className={TONE[line.level]}>{line.text}</span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
