"use client";

import { kindWord } from "@vpclab/shared/topology/diff";
import type { ObjectKind } from "@vpclab/shared/topology/topology";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { useEditor, useObjectState, useScene } from "../../canvas/state/editor-context";
import { select } from "../../canvas/state/editor-store";
import { objectName } from "../../canvas/scene/object-name";
import { parentIdOf, vpcIdOf } from "../../canvas/scene/scene";
import type { EditorActions } from "../../canvas/hooks/use-editor-actions";
import { IconButton } from "../../ui/icon-button";
import { StateMark } from "../../ui/state-mark";
import { STATE_WORDS } from "../../ui/state-words";
import { Tabs } from "../../ui/tabs";
import { CounterTable } from "./counter-table";
import { DriftOffer } from "./drift-offer";
import { Hints } from "./hints";
import { LinuxTab } from "./linux-tab";

interface ObjectInspectorProps {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly name: string;
  /** null: whoever looks may not change anything. */
  readonly actions: EditorActions | null;
  readonly children: ReactNode;
}

const COUNTED: ReadonlySet<ObjectKind> = new Set(["instance", "internet-gateway", "nat-gateway", "peering"]);

/** The frame that all kinds share: heading, state, counters, and the Linux behind it. */
export function ObjectInspector({ kind, id, name, actions, children }: ObjectInspectorProps) {
  const [tab, setTab] = useState<"general" | "linux">("general");
  const word = kindWord(kind);
  return (
    <section aria-label={`Inspector of ${word} ${name}`} className="flex min-h-0 flex-1 flex-col">
      <header className="flex items-center gap-2 px-4 pt-3 pb-1">
        <div className="min-w-0 flex-1">
          <p className="truncate text-xs text-muted">
            {word.charAt(0).toUpperCase() + word.slice(1)}
            <Place id={id} />
          </p>
          <h2 className="truncate text-lg font-semibold">{name}</h2>
        </div>
        {actions ? <IconButton label={`Delete ${name}`} keys="Del" icon={<Trash2 className="size-4" />} onClick={actions.deleteSelection} /> : null}
      </header>
      <Tabs
        label={`About ${name}`}
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: "general",
            label: "General",
            content: (
              <div className="flex flex-col gap-4 p-4">
                <StateLine id={id} mayRepair={actions !== null} />
                <Hints objectId={id} />
                {children}
                {COUNTED.has(kind) ? <CounterTable id={id} /> : null}
              </div>
            ),
          },
          { value: "linux", label: "Linux", content: <LinuxTab id={id} /> },
        ]}
      />
    </section>
  );
}

/** Where it belongs, and the way there. */
export function Place({ id }: { readonly id: string }) {
  const { editor } = useEditor();
  const { index } = useScene();
  const parentId = parentIdOf(index, id) ?? vpcIdOf(index, id);
  const name = parentId === null || parentId === id ? null : objectName(index, parentId);
  if (name === null || parentId === null) return null;
  return <>{" in "}<button type="button" className="underline decoration-line-strong underline-offset-2 hover:text-text" onClick={() => select(editor, [parentId])}>{name}</button></>;
}

function StateLine({ id, mayRepair }: { readonly id: string; readonly mayRepair: boolean }) {
  const { state, reason } = useObjectState(id);
  const tone = state === "failed" ? "bg-bad-soft text-bad" : state === "drifted" ? "bg-warn-soft text-warn" : "bg-raised";
  return (
    <div role="status" aria-label="State" className={`flex items-start gap-2 rounded-box px-3 py-2 text-sm ${tone}`}>
      <span className="flex h-5 items-center"><StateMark state={state} /></span>
      <span>
        <span className="font-medium">{STATE_WORDS[state].charAt(0).toUpperCase() + STATE_WORDS[state].slice(1)}</span>
        {reason ? <span className="block text-xs">{reason}</span> : null}
        {state === "drifted" && mayRepair ? <DriftOffer id={id} /> : null}
      </span>
    </div>
  );
}
