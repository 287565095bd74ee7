import { useMemo } from "react";
import { toast } from "sonner";
import { addByKey } from "../../canvas/gestures/add-by-key";
import { ARRANGEMENTS, ARRANGEMENT_WORDS, arrange } from "../../canvas/gestures/arrange";
import type { Command, CommandSection } from "../../canvas/hooks/command";
import { connectChoices } from "../../canvas/gestures/connect-choices";
import { useEditor, useEditorState, useLive, useScene } from "../../canvas/state/editor-context";
import { perform } from "../../canvas/state/editor-store";
import type { Gesture, Judged } from "../../canvas/gestures/gesture";
import { PALETTE_ITEMS, PALETTE_WORDS } from "../../canvas/gestures/palette-item";
import { randomBytes } from "../../canvas/gestures/random-bytes";
import { rootBoxes } from "../../canvas/scene/roots";
import { HOST_ID } from "../../canvas/scene/scene";
import { useAutoLayout } from "../../canvas/hooks/use-auto-layout";
import { useClipboard } from "../../canvas/hooks/use-clipboard";
import type { EditorActions } from "../../canvas/hooks/use-editor-actions";
import { turnTheme } from "../../ui/theme";
import { useLooksOnly } from "../people/use-looks-only";
import { useCancel } from "../use-cancel";
import { useDeployment } from "../use-deployment";
import type { Draft } from "./draft";
import { subnetOfSelection } from "./subnet-of-selection";
import { usePeeringCommands } from "./use-peering-commands";

/** What the layout of the editor lends to commands. */
export interface PanelActions {
  readonly test: () => void;
  readonly plan: () => void;
  readonly toggleLeft: () => void;
  readonly toggleDetails: () => void;
  readonly toggleDock: () => void;
  readonly outline: () => void;
  readonly projector: () => void;
}


/**
 * Everything that can be done now, with its keys: for keyboard, command palette, context menu and the list of shortcuts.
 * `isPast`: the canvas shows an earlier revision, so nothing may change the drawing that is behind it.
 */
export function useCommands(actions: EditorActions, panels: PanelActions, isPast: boolean): readonly Command[] {
  const { editor, gestures, scene } = useEditor();
  const current = useScene();
  const selection = useEditorState((state) => state.selection);
  const undoLabel = useEditorState((state) => state.past.at(-1)?.label);
  const redoLabel = useEditorState((state) => state.future.at(-1)?.label);
  const online = useLive((live) => live.host?.online ?? false);
  const applying = useLive((live) => live.run !== null && live.run.endedAt === null);
  const mayOnlyLook = useLooksOnly();
  const looksOnly = mayOnlyLook || isPast;
  const clipboard = useClipboard(looksOnly ? null : actions.deleteSelection);
  const autoLayout = useAutoLayout();
  const { apply } = useDeployment();
  const peeringCommands = usePeeringCommands();
  const { cancel } = useCancel();

  return useMemo(() => {
    const section = (name: CommandSection, drafts: readonly Draft[]): Command[] =>
      drafts.map((draft) => ({ ...draft, section: name, id: draft.id ?? `${name} ${draft.label}` }));
    const done = (made: Judged<Gesture>) => {
      if (made.ok) perform(editor, made);
      else toast.error(made.reason);
    };
    const nothing = selection.size === 0 ? "Nothing is selected." : undefined;
    const notDrawn = selection.size === 1 && selection.has(HOST_ID) ? "The host is not part of the drawing." : nothing;
    const boxes = rootBoxes(current, selection).length;
    const subnetId = subnetOfSelection(current, selection);
    const editing = [
      ...section("Edit", [
        { label: undoLabel ? `Undo: ${undoLabel}` : "Undo", id: "undo", keys: ["Ctrl+Z"], refusal: undoLabel ? undefined : "There is nothing to undo.", run: actions.undo },
        { label: redoLabel ? `Redo: ${redoLabel}` : "Redo", id: "redo", keys: ["Ctrl+Shift+Z", "Ctrl+Y"], refusal: redoLabel ? undefined : "There is nothing to redo.", run: actions.redo },
        { label: "Cut", id: "cut", keys: ["Ctrl+X"], byBrowser: true, refusal: notDrawn, run: clipboard.cut },
        { label: "Copy", id: "copy", keys: ["Ctrl+C"], byBrowser: true, refusal: notDrawn, run: clipboard.copy },
        { label: "Paste", id: "paste", keys: ["Ctrl+V"], byBrowser: true, run: () => void clipboard.paste() },
        { label: "Duplicate", id: "duplicate", keys: ["Ctrl+D"], words: "copy clone", refusal: notDrawn, run: clipboard.duplicate },
        { label: "Delete", id: "delete", keys: ["Delete", "Backspace"], words: "remove", refusal: notDrawn, run: actions.deleteSelection },
      ]),
      ...section("Add", [
        ...PALETTE_ITEMS.filter((item) => item !== "peering").map((item) => ({
          label: `Add ${PALETTE_WORDS[item].noun}`, words: "new create", run: () => done(addByKey(scene(), item, editor.getState().selection, randomBytes)),
        })),
        {
          label: "Add many instances", id: "add-instances", words: "bulk several 10", refusal: subnetId ? undefined : "Select a subnet first.",
          run: () => subnetId && gestures.setState({ overlay: { kind: "instances", subnetId } }),
        },
      ]),
      ...section("Connect", [
        { label: "Peer the two selected VPCs", words: "peering connect", refusal: selection.size > 1 ? undefined : "Select two VPCs first.", run: () => done(addByKey(scene(), "peering", selection, randomBytes)) },
        ...peeringCommands,
        ...connectChoices(current, selection).map(({ id, label, refusal, make }) => ({
          id: `connect-${id}`, label, words: "connect", refusal: refusal ?? undefined, run: () => done(make(scene(), randomBytes)),
        })),
      ]),
      ...section("Arrange", [
        { label: "Lay out automatically", id: "auto-layout", keys: ["L"], words: "auto-layout tidy arrange elk", refusal: current.document.vpcs.length > 0 ? undefined : "The drawing is empty.", run: autoLayout },
        ...ARRANGEMENTS.map((how) => {
          const least = how === "across" || how === "down" ? 3 : 2;
          return { label: ARRANGEMENT_WORDS[how], id: `arrange-${how}`, refusal: boxes >= least ? undefined : `Select ${least === 3 ? "three" : "two"} or more boxes first.`, run: () => done(arrange(scene(), selection, how)) };
        }),
      ]),
    ];
    return [
      ...(looksOnly ? [] : editing),
      ...section("Edit", [{ label: "Select all", keys: ["Ctrl+A"], run: actions.selectAll }, ...(looksOnly ? [{ label: "Copy", id: "copy", keys: ["Ctrl+C"], byBrowser: true, refusal: notDrawn, run: clipboard.copy }] : [])]),
      ...section("View", [
        { label: "Find", id: "find", keys: ["Ctrl+K"], whileTyping: true, words: "search command palette", run: () => gestures.setState({ overlay: { kind: "find" } }) },
        { label: "Zoom to fit", keys: ["F"], words: "everything", run: actions.fit },
        { label: "Zoom to selection", keys: ["Shift+F"], id: "zoom-selection", refusal: nothing, run: actions.zoomToSelection },
        { label: "Zoom in", keys: ["+", "="], run: actions.zoomIn },
        { label: "Zoom out", keys: ["-"], run: actions.zoomOut },
        { label: "Show the outline", keys: ["O"], words: "tree list", run: panels.outline },
        { label: "Narrow or widen the left panel", keys: ["["], words: "toggle palette", run: panels.toggleLeft },
        { label: "Open or close the details", keys: ["]"], words: "toggle inspector panel", run: panels.toggleDetails },
        { label: "Open or close the dock", keys: ["`"], words: "toggle events panel", run: panels.toggleDock },
        { label: "Projector mode on or off", keys: ["P"], words: "presentation bigger text stage", run: panels.projector },
        { label: "Next theme: system, light, dark", words: "dark light mode colours", run: turnTheme },
        { label: "Keyboard shortcuts", keys: ["?"], words: "help", run: () => gestures.setState({ overlay: { kind: "shortcuts" } }) },
      ]),
      ...section("Host", [
        { label: "Test reachability", words: "ping probe packet", run: panels.test },
        { label: "Show the plan", words: "diff changes", run: panels.plan },
        ...(looksOnly ? [] : [
          { label: "Apply", words: "deploy run", refusal: !online ? "No host is online." : applying ? "An apply is running." : undefined, run: apply },
          { label: "Cancel the apply", words: "stop abort halt", refusal: applying ? undefined : "No apply is running.", run: cancel },
        ]),
      ]),
    ];
  }, [editor, gestures, scene, current, selection, undoLabel, redoLabel, online, applying, looksOnly, clipboard, autoLayout, apply, cancel, peeringCommands, actions, panels]);
}
