import { afterEach, describe, expect, it, vi } from "vitest";
import { seededRandom } from "@vpclab/shared/testing/builders";
import { applyEdits } from "@vpclab/shared/topology/edit";
import { newVpc } from "@vpclab/shared/topology/new-object";
import { applyLayoutPatch } from "@vpclab/shared/topology/layout";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import { createAutosave } from "./autosave";
import type { Autosave } from "./autosave";
import type { EditorApi } from "./editor-api";
import { createEditorStore, perform, undo } from "./editor-store";
import type { EditorStore } from "./editor-store";

/** A server in memory with the real compare-and-set. `online` false: nobody answers. */
class Server {
  current: TopologySnapshot = { id: "t", name: "lab", revision: 1, document: EMPTY_TOPOLOGY, layout: {} };
  online = true;
  saves = 0;
  readonly listeners = new Set<(revision: number, clientId: string) => void>();

  api(): EditorApi {
    const unused = () => Promise.reject(new Error("not part of this test"));
    return {
      get: () => this.answer(() => this.current),
      save: (baseRevision, commands, clientId) => this.answer(() => {
        if (baseRevision !== this.current.revision) return { saved: false, current: this.current, author: "another tab" } as const;
        const edited = applyEdits(this.current.document, commands);
        if (!edited.ok) throw new Refused(edited.error[0]!.message);
        this.saves += 1;
        this.current = { ...this.current, revision: this.current.revision + 1, document: edited.value };
        for (const tell of this.listeners) tell(this.current.revision, clientId);
        return { saved: true, revision: this.current.revision } as const;
      }),
      saveLayout: (patch) => this.answer(() => {
        this.current = { ...this.current, layout: applyLayoutPatch(this.current.layout, patch) };
      }),
      revisions: unused, revision: unused, importCopy: unused, rename: unused, hosts: unused, chooseHost: unused, plan: unused, apply: unused, safeApply: unused, teardown: unused, cancel: unused, probe: unused, measure: unused, inspect: unused, peeringCandidates: unused, requestPeering: unused, answerPeering: unused, activity: unused, activityEntry: unused, ruleHits: unused,
      subscribe: () => () => {},
      presence: () => ({ say: () => {}, stop: () => {} }),
      failureOf: (thrown) => ({ offline: !(thrown instanceof Refused), message: String(thrown) }),
    };
  }

  private async answer<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (!this.online) throw new Error("nobody answers");
    return work();
  }
}
class Refused extends Error {}

const random = seededRandom(11);
const open: Autosave[] = [];
afterEach(() => {
  for (const autosave of open.splice(0)) autosave.stop();
});

function tab(server: Server, clientId: string) {
  const store = createEditorStore(server.current);
  const autosave = createAutosave({ store, api: server.api(), clientId, debounceMs: 5, retryMs: 5 });
  autosave.start();
  open.push(autosave);
  server.listeners.add((revision, author) => autosave.hear({ type: "revision", revision, author: "", clientId: author }));
  return { store, autosave };
}

function addVpc(store: EditorStore): void {
  const made = newVpc(store.getState().document, random);
  if (!made.ok) throw new Error("no VPC");
  expect(perform(store, { label: "Add", command: made.value.command, layoutPatch: { [made.value.id]: { x: 0, y: 0 } } }).ok).toBe(true);
}
const saved = (store: EditorStore) => vi.waitFor(() => expect(store.getState().save.kind).toBe("saved"));

describe("saving", () => {
  it("brings commands and positions to the server by itself", async () => {
    const server = new Server();
    const { store } = tab(server, "a");
    addVpc(store);
    expect(store.getState().save.kind).toBe("waiting");
    await saved(store);
    expect(server.current.document).toEqual(store.getState().document);
    expect(server.current.layout).toEqual(store.getState().layout);
  });

  it("makes one save of what was done in quick succession, an undo included", async () => {
    const server = new Server();
    const { store } = tab(server, "a");
    addVpc(store);
    addVpc(store);
    undo(store);
    await saved(store);
    expect(server.saves).toBe(1);
    expect(server.current.document).toEqual(store.getState().document);
  });

  it("loses nothing that is done while a save is under way", async () => {
    const server = new Server();
    const { store, autosave } = tab(server, "a");
    addVpc(store);
    const flushed = autosave.flush();
    addVpc(store);
    await flushed;
    await saved(store);
    expect(server.current.document.vpcs).toHaveLength(2);
  });

  it("keeps everything while the server is away and saves it when it answers again", async () => {
    const server = new Server();
    const { store, autosave } = tab(server, "a");
    server.online = false;
    addVpc(store);
    await vi.waitFor(() => expect(store.getState().save.kind).toBe("offline"));
    expect(await autosave.flush()).toBe(false);
    addVpc(store);
    server.online = true;
    await saved(store);
    expect(server.current.document.vpcs).toHaveLength(2);
  });
});

describe("leaving the page", () => {
  it("saves what was done a moment before", async () => {
    const server = new Server();
    const { store, autosave } = tab(server, "a");
    addVpc(store);
    autosave.stop();
    expect(await autosave.flush()).toBe(true);
    expect(server.current.document.vpcs).toHaveLength(1);
  });
});

describe("two tabs", () => {
  it("a tab with nothing of its own shows what the other saved", async () => {
    const server = new Server();
    const [a, b] = [tab(server, "a"), tab(server, "b")];
    addVpc(a.store);
    await vi.waitFor(() => expect(b.store.getState().document.vpcs).toHaveLength(1));
    expect(b.store.getState().stored.revision).toBe(2);
    expect(b.store.getState().past).toEqual([]);
  });

  it("a tab that was away merges what it has with what the other saved", async () => {
    const server = new Server();
    const [a, b] = [tab(server, "a"), tab(server, "b")];
    server.online = false;
    addVpc(b.store);
    await vi.waitFor(() => expect(b.store.getState().save.kind).toBe("offline"));
    b.autosave.stop();
    server.online = true;
    addVpc(a.store);
    await saved(a.store);
    b.autosave.start();
    expect(await b.autosave.flush()).toBe(true);
    expect(b.store.getState().conflict).toBeNull();
    await saved(b.store);
    expect(server.current.document.vpcs.map(({ name }) => name).sort()).toEqual(["vpc1", "vpc2"]);
    await vi.waitFor(() => expect(a.store.getState().document).toEqual(server.current.document));
  });

  it("hears that the topology was deleted, and saves no more", async () => {
    const server = new Server();
    const { store, autosave } = tab(server, "a");
    autosave.hear({ type: "removed" });
    addVpc(store);
    expect(await autosave.flush()).toBe(false);
    expect(server.saves).toBe(0);
  });
});
