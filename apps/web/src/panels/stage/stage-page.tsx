"use client";

import { ReactFlowProvider } from "@xyflow/react";
import { useCallback, useState, useSyncExternalStore } from "react";
import { Canvas } from "../../canvas/canvas";
import { EditorProvider, useEditorState } from "../../canvas/state/editor-context";
import { ErrorLine } from "../../ui/error-line";
import { Logo } from "../../ui/logo";
import { SwitchField } from "../../ui/switch-field";
import { ThemeToggle } from "../../ui/theme-toggle";
import { PresenterOverlay } from "./presenter-overlay";
import { useStage } from "./use-stage";
import type { Stage } from "./use-stage";

const never = () => () => {};
/** Behind the `#`, which browsers keep to themselves: no log and no other site has it. */
const tokenOf = (): string => window.location.hash.slice(1);

/** One topology for an audience: canvas, states and rates, and where the presenter is. Nothing can be done here but look. */
export function StagePage() {
  const token = useSyncExternalStore(never, tokenOf, () => null);
  if (token === null) return <Message text="Opening." />;
  return <OpenStage token={token} />;
}

function OpenStage({ token }: { readonly token: string }) {
  const stage = useStage(token);
  if (stage.state === "gone") return <Message text="This topology was deleted." />;
  if (stage.refusal) return <main className="mx-auto max-w-lg p-8"><ErrorLine>{stage.refusal}</ErrorLine></main>;
  if (stage.state === "opening") return <Message text="Opening." />;
  return (
    <EditorProvider value={stage.editor}>
      <ReactFlowProvider><StageView stage={stage} /></ReactFlowProvider>
    </EditorProvider>
  );
}

function StageView({ stage }: { readonly stage: Stage }) {
  const name = useEditorState((state) => state.name);
  const [follow, setFollow] = useState(true);
  const { presenter } = stage;
  const overlay = useCallback(() => <PresenterOverlay presenter={presenter} follow={follow} />, [presenter, follow]);
  return (
    <div className="projector flex h-dvh flex-col">
      <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
        <Logo />
        <h1 className="truncate text-lg font-semibold">{name}</h1>
        <span role="status" className="text-sm text-muted">{stage.state === "cut" ? "The connection is lost; it comes back by itself." : "live, for looking"}</span>
        <div className="ml-auto flex items-center gap-3">
          <SwitchField label="Follow the presenter" checked={follow} onChange={setFollow} />
          <ThemeToggle />
        </div>
      </header>
      <main aria-label="Stage" className="min-h-0 flex-1"><Canvas readOnly overlay={overlay} /></main>
    </div>
  );
}

const Message = ({ text }: { readonly text: string }) => <main className="flex h-dvh items-center justify-center"><p role="status" className="text-lg text-muted">{text}</p></main>;
