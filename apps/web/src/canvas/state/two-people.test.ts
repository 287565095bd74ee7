import { applyEdits } from "@vpclab/shared/topology/edit";
import { isError } from "@vpclab/shared/errors/issue";
import { seededRandom } from "@vpclab/shared/testing/builders";
import { chooserOf } from "@vpclab/shared/testing/choose";
import type { Choose } from "@vpclab/shared/testing/choose";
import { randomEdit } from "@vpclab/shared/testing/random-edit";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import { same } from "@vpclab/shared/topology/merge-list";
import { withDependents } from "@vpclab/shared/topology/edit-remove";
import type { Topology, TopologyObject } from "@vpclab/shared/topology/topology";
import { indexTopology, objectsOf } from "@vpclab/shared/topology/topology-index";
import { validateTopology } from "@vpclab/shared/topology/validate";
import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import { describe, expect, it, vi } from "vitest";
import { createAutosave } from "./autosave";
import type { EditorApi } from "./editor-api";
import { createEditorStore, perform, resolveConflict, undo } from "./editor-store";
import { rebase } from "./rebase";
import { vpcIdOf } from "../scene/scene";

/** A server in memory with the real compare-and-set. */
class Server {
  current: TopologySnapshot;
  constructor(document: Topology) {
    this.current = { id: "t", name: "lab", revision: 1, document, layout: {} };
  }

  api(): EditorApi {
    const calls: Pick<EditorApi, "get" | "save" | "saveLayout" | "failureOf"> = {
      get: () => Promise.resolve(this.current),
      save: (base, commands) => {
        if (base !== this.current.revision) return Promise.resolve({ saved: false, current: this.current, author: "the other" });
        const edited = applyEdits(this.current.document, commands);
        if (!edited.ok) return Promise.reject(new Error(edited.error[0]?.message));
        this.current = { ...this.current, revision: base + 1, document: edited.value };
        return Promise.resolve({ saved: true, revision: base + 1 });
      },
      saveLayout: () => Promise.resolve(null),
      failureOf: (thrown) => ({ offline: false, message: String(thrown) }),
    };
    return calls as EditorApi;
  }
}

const rotated = <T,>(items: readonly T[], by: number): readonly T[] => [...items.slice(by), ...items.slice(0, by)];

const NEVER_MS = 2e9;
function person(server: Server, clientId: string) {
  const store = createEditorStore(server.current);
  const autosave = createAutosave({ store, api: server.api(), clientId, debounceMs: NEVER_MS, retryMs: NEVER_MS });
  const hear = async () => {
    autosave.hear({ type: "revision", revision: server.current.revision, author: "", clientId: "nobody" });
    await vi.waitFor(() => expect(store.getState().stored.revision).toBe(server.current.revision), { interval: 1 });
  };
  return { store, autosave, hear, document: () => store.getState().document };
}
type Person = ReturnType<typeof person>;

const byId = (document: Topology) => new Map<string, TopologyObject>([...objectsOf(document)].map(({ object }) => [object.id, object]));
/** Ids of what differs between two documents. */
function touched(before: Topology, after: Topology): ReadonlySet<string> {
  const [old, now] = [byId(before), byId(after)];
  return new Set([...new Set([...old.keys(), ...now.keys()])].filter((id) => !same(old.get(id), now.get(id))));
}

function edit({ store }: Person, times: number, random: ReturnType<typeof seededRandom>): void {
  for (let n = 0; n < times; n++) {
    const { command } = randomEdit(store.getState().document, random, { vpcs: 4, instances: 14 });
    expect(perform(store, { label: "edit", command, layoutPatch: {} }).ok).toBe(true);
  }
}

/** All save, in turns, and hear of the others; conflicts are decided as the dice fall. Answers what was in conflict. */
async function sync(people: readonly Person[], choose: Choose): Promise<{ readonly contested: ReadonlySet<string>; readonly refused: number }> {
  const contested = new Set<string>();
  let refused = 0;
  for (const one of rotated(people, choose.int(people.length))) {
    while (!(await one.autosave.flush())) {
      const { conflict, stored, unsaved, save } = one.store.getState();
      if (!conflict) throw new Error(`not saved, and no conflict: ${JSON.stringify(save)}`);
      const merged = rebase(stored.document, conflict.theirs.document, unsaved, "mine");
      for (const { objectId } of merged.collisions) contested.add(objectId ?? "settings");
      refused += merged.refused.length + resolveConflict(one.store, choose.of(["mine", "theirs"] as const)).length;
    }
  }
  for (const one of people) await one.hear();
  return { contested, refused };
}

/** Names, ranges and addresses of new objects may become the next free ones. */
const CHOSEN = ["name", "cidr", "address"];
function expectKept(id: string, mine: TopologyObject | undefined, now: TopologyObject | undefined, isNew: boolean): void {
  const plain = (object: TopologyObject | undefined) => object && Object.fromEntries(Object.entries(object).filter(([field]) => !(isNew && CHOSEN.includes(field))));
  expect([id, plain(now)]).toEqual([id, plain(mine)]);
}

/** What hangs on a contested object may go either way with it. */
function inDispute(id: string, contested: ReadonlySet<string>, documents: readonly Topology[]): boolean {
  if (contested.size === 0) return false;
  return documents.some((document) => {
    const index = indexTopology(document);
    return [...contested].some((other) => withDependents(document, other).has(id) || (vpcIdOf(index, other) ?? other) === (vpcIdOf(index, id) ?? id));
  });
}

const agree = (people: readonly Person[], server: Server) => {
  for (const one of people) expect(one.document()).toEqual(server.current.document);
  expect(validateTopology(server.current.document).filter(isError)).toEqual([]);
};

describe("two or three people who edit one topology at once", () => {
  it("end with one valid document, and no edit of what nobody else has touched is lost", async () => {
    let [checked, conflicts] = [0, 0];
    for (let seed = 1; seed <= 24; seed++) {
      const random = seededRandom(seed);
      const choose = chooserOf(random);
      const server = new Server(randomTopology(random));
      const people = Array.from({ length: 2 + (seed % 2) }, (_, i) => person(server, `p${i}`));
      for (let round = 0; round < 4; round++) {
        const before = server.current.document;
        for (const one of people) edit(one, 1 + choose.int(3), random);
        const locals = people.map((one) => one.document());
        const { contested, refused } = await sync(people, choose);
        agree(people, server);
        if (contested.size > 0 || refused > 0) conflicts += 1;
        if (refused > 0) continue;
        const [old, now] = [byId(before), byId(server.current.document)];
        const touches = locals.map((local) => touched(before, local));
        for (const [i, local] of locals.entries()) {
          const mine = byId(local);
          for (const id of touches[i] ?? []) {
            if (touches.some((other, j) => j !== i && other.has(id)) || inDispute(id, contested, [before, ...locals])) continue;
            checked += 1;
            expectKept(id, mine.get(id), now.get(id), !old.has(id));
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(100);
    expect(conflicts).toBeGreaterThan(3);
  });

  it("undo takes back one's own, never what the other did", async () => {
    let [others, own] = [0, 0];
    for (let seed = 100; seed < 130; seed++) {
      const random = seededRandom(seed);
      const choose = chooserOf(random);
      const server = new Server(randomTopology(random));
      const [anna, ben] = [person(server, "anna"), person(server, "ben")];
      const before = server.current.document;
      const steps = 1 + choose.int(3);
      edit(anna, steps, random);
      edit(ben, 1 + choose.int(3), random);
      const [hers, his] = [touched(before, anna.document()), touched(before, ben.document())];
      const { contested, refused } = await sync([anna, ben], choose);
      if (contested.size > 0 || refused > 0) continue;
      const merged = server.current.document;
      const undone = Array.from({ length: steps }, () => undo(anna.store)).every(({ ok }) => ok);
      await sync([anna, ben], choose);
      agree([anna, ben], server);
      const [first, middle, last] = [before, merged, server.current.document].map(byId) as [ReturnType<typeof byId>, ReturnType<typeof byId>, ReturnType<typeof byId>];
      for (const id of his) {
        if (hers.has(id)) continue;
        others += 1;
        expect([seed, id, last.get(id)]).toEqual([seed, id, middle.get(id)]);
      }
      if (!undone) continue;
      for (const id of hers) {
        if (his.has(id)) continue;
        own += 1;
        expect([seed, id, last.get(id)]).toEqual([seed, id, first.get(id)]);
      }
    }
    expect(others).toBeGreaterThan(20);
    expect(own).toBeGreaterThan(20);
  });
});
