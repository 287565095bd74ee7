import { applyEdits } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { LiveEvent } from "@vpclab/shared/wire/live";
import type { EditorApi } from "./editor-api";
import type { EditorState, EditorStore } from "./editor-store";
import { mergeStored, takeStored } from "./editor-store";

export interface AutosaveOptions {
  readonly store: EditorStore;
  readonly api: EditorApi;
  /** Names this tab towards the server. */
  readonly clientId: string;
  /** Between the last change and its save. */
  readonly debounceMs: number;
  /** Between a failed save and the next try; doubles up to ten times that. */
  readonly retryMs: number;
}

export interface Autosave {
  /** Begins to save by itself; may be called again after `stop`. */
  start(): void;
  /** Saves what there is; resolves when the server has it, or with false when it cannot be (offline, conflict, refused). */
  flush(): Promise<boolean>;
  /** Other tabs' saves: taken over when this tab has nothing of its own. */
  hear(event: LiveEvent): void;
  /** Saves no more by itself; what waits can still be flushed. */
  stop(): void;
}

/** The server accepts this many commands in one save. */
const COMMANDS_MAX = 500;

const documentAfter = (document: Topology, commands: readonly EditCommand[]): Topology => {
  const edited = applyEdits(document, commands);
  return edited.ok ? edited.value : document;
};

/** Carries every change to the server, one save at a time, in the order in which the changes were made. */
export function createAutosave({ store, api, clientId, debounceMs, retryMs }: AutosaveOptions): Autosave {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let failures = 0;
  let stopped = true;
  /** Somebody else has saved what is not on this tab's canvas yet. */
  let isBehind = false;
  let unsubscribe = () => {};

  const isDirty = (state: EditorState = store.getState()) =>
    state.unsaved.length > 0 || Object.keys(state.unsavedLayout).length > 0;
  const isBlocked = (state: EditorState = store.getState()) => state.conflict !== null || state.removed;

  const schedule = (delayMs: number) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void run(), delayMs);
  };

  const saveCommands = async () => {
    const { unsaved, stored, document } = store.getState();
    const commands = unsaved.slice(0, COMMANDS_MAX);
    if (commands.length === 0) return;
    const answer = await api.save(stored.revision, commands, clientId);
    if (!answer.saved) {
      mergeStored(store, answer.current, answer.author);
      return;
    }
    const saved = commands.length === unsaved.length ? document : documentAfter(stored.document, commands);
    store.setState((now) => ({ unsaved: now.unsaved.slice(commands.length), stored: { revision: answer.revision, document: saved } }));
  };

  const savePositions = async () => {
    const patch = store.getState().unsavedLayout;
    if (Object.keys(patch).length === 0) return;
    await api.saveLayout(patch, clientId);
    // What was moved again meanwhile stays to be saved.
    store.setState((now) => ({
      unsavedLayout: Object.fromEntries(Object.entries(now.unsavedLayout).filter(([id, box]) => patch[id] !== box)),
    }));
  };

  const saveAll = async () => {
    try {
      store.setState({ save: { kind: "saving" } });
      while (isDirty() && !isBlocked()) {
        await saveCommands();
        if (!isBlocked()) await savePositions();
      }
      failures = 0;
      store.setState({ save: { kind: isDirty() ? "waiting" : "saved" } });
    } catch (thrown) {
      const { offline, message } = api.failureOf(thrown);
      store.setState({ save: { kind: offline ? "offline" : "refused", message } });
      failures += 1;
      schedule(Math.min(retryMs * 2 ** (failures - 1), retryMs * 10));
    }
  };

  const run = async () => {
    if (running || isBlocked() || !isDirty()) return;
    running = saveAll();
    await running;
    running = null;
    await catchUp();
  };

  /** Others' saves that were heard of while this tab had something of its own to save. */
  const catchUp = async () => {
    if (isBehind && !isDirty() && !isBlocked()) await takeOver();
  };

  const takeOver = async () => {
    isBehind = false;
    try {
      takeStored(store, await api.get());
    } catch {
      // The next event or the next save will show the newer state; nothing of this tab depends on it.
    }
  };

  const watch = (state: EditorState, before: EditorState) => {
    const changed = state.unsaved !== before.unsaved || state.unsavedLayout !== before.unsavedLayout || state.conflict !== before.conflict;
    if (!changed || !isDirty(state) || isBlocked(state) || running) return;
    if (state.save.kind === "saved") store.setState({ save: { kind: "waiting" } });
    schedule(debounceMs);
  };

  return {
    start() {
      stopped = false;
      unsubscribe = store.subscribe(watch);
      if (isDirty()) schedule(debounceMs);
    },
    async flush() {
      clearTimeout(timer);
      await running;
      await run();
      return !isDirty() && !isBlocked();
    },
    hear(event) {
      if (event.type === "removed") store.setState({ removed: true });
      const news =
        (event.type === "revision" && event.clientId !== clientId && event.revision > store.getState().stored.revision) ||
        (event.type === "snapshot" && (event.revision > store.getState().stored.revision || event.name !== store.getState().name)) ||
        (event.type === "layout" && event.clientId !== clientId);
      isBehind ||= news;
      if (!running) void catchUp();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      unsubscribe();
    },
  };
}
