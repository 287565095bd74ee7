import { describe, expect, it } from "vitest";
import { seededRandom, twoVpcLab } from "@vpclab/shared/testing/builders";
import { applyEdits } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import { newVpc } from "@vpclab/shared/topology/new-object";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import { createEditorStore, perform, redo, resolveConflict, select, selectOnCanvas, takeStored, undo } from "./editor-store";

const random = seededRandom(3);
const snapshot = (document: Topology = twoVpcLab(), revision = 1): TopologySnapshot => ({ id: "t", name: "lab", revision, document, layout: {} });
const vpcNames = (document: Topology) => document.vpcs.map(({ name }) => name).sort();

function addVpc(document: Topology): EditCommand {
  const made = newVpc(document, random);
  if (!made.ok) throw new Error("no VPC");
  return made.value.command;
}
function after(document: Topology, ...commands: EditCommand[]): Topology {
  const edited = applyEdits(document, commands);
  if (!edited.ok) throw new Error(edited.error[0]!.message);
  return edited.value;
}

describe("undo", () => {
  it("takes a command and its layout back together, and does both again", () => {
    const store = createEditorStore(snapshot());
    const before = store.getState();
    const id = before.document.vpcs[0]!.id;
    perform(store, { label: "Rename", command: { op: "update", kind: "vpc", id, set: { name: "shop" } }, layoutPatch: { [id]: { x: 8, y: 16 } } });
    const changed = store.getState();
    expect(vpcNames(changed.document)).toContain("shop");
    undo(store);
    expect(store.getState().document).toEqual(before.document);
    expect(store.getState().layout).toEqual(before.layout);
    redo(store);
    expect(store.getState().document).toEqual(changed.document);
    expect(store.getState().layout).toEqual(changed.layout);
  });

  it("counts a move that changes no network as a step of its own", () => {
    const store = createEditorStore(snapshot());
    const id = store.getState().document.vpcs[0]!.id;
    perform(store, { label: "Move", command: null, layoutPatch: { [id]: { x: 80, y: 0 } } });
    expect(store.getState().unsaved).toEqual([]);
    undo(store);
    expect(store.getState().layout).toEqual({});
  });

  it("has nothing to redo after something new was done", () => {
    const store = createEditorStore(snapshot());
    perform(store, { label: "Add", command: addVpc(store.getState().document), layoutPatch: {} });
    undo(store);
    perform(store, { label: "Add", command: addVpc(store.getState().document), layoutPatch: {} });
    expect(store.getState().future).toEqual([]);
  });

  it("says why when somebody else's change stands in the way, and goes on with the step before", () => {
    const store = createEditorStore(snapshot());
    const { document } = store.getState();
    const id = document.vpcs[0]!.id;
    perform(store, { label: "Rename", command: { op: "update", kind: "vpc", id, set: { name: "shop" } }, layoutPatch: {} });
    store.setState({ unsaved: [] });
    takeStored(store, snapshot(after(document, { op: "delete", id }), 5));
    expect(undo(store)).toMatchObject({ ok: false });
    expect(store.getState().past).toEqual([]);
  });
});

describe("a refused command", () => {
  it("changes nothing at all", () => {
    const store = createEditorStore(snapshot());
    const before = store.getState();
    const [one, two] = before.document.vpcs;
    const refused = perform(store, { label: "Rename", command: { op: "update", kind: "vpc", id: one!.id, set: { name: two!.name } }, layoutPatch: { [one!.id]: { x: 1, y: 1 } } });
    expect(refused).toMatchObject({ ok: false, error: [{ code: "NAME_TAKEN" }] });
    expect(store.getState()).toBe(before);
  });
});

describe("a selection on the canvas", () => {
  it("lets go of a group or table, which the canvas does not know of", () => {
    const store = createEditorStore(snapshot());
    const { vpcs, securityGroups } = store.getState().document;
    select(store, [securityGroups[0]!.id]);
    selectOnCanvas(store, [{ id: vpcs[0]!.id, selected: true }]);
    expect([...store.getState().selection]).toEqual([vpcs[0]!.id]);
    selectOnCanvas(store, [{ id: vpcs[1]!.id, selected: true }]);
    expect(store.getState().selection.size).toBe(2);
    selectOnCanvas(store, [{ id: vpcs[0]!.id, selected: false }]);
    expect([...store.getState().selection]).toEqual([vpcs[1]!.id]);
  });
});

describe("somebody else's save", () => {
  it("is taken over when nothing of this tab waits, and is no undo step", () => {
    const store = createEditorStore(snapshot());
    const theirs = after(twoVpcLab(), addVpc(twoVpcLab()));
    takeStored(store, snapshot(theirs, 2));
    expect(store.getState().document).toEqual(theirs);
    expect(store.getState().past).toEqual([]);
  });

  it("is not taken over while changes of this tab wait", () => {
    const store = createEditorStore(snapshot());
    perform(store, { label: "Add", command: addVpc(store.getState().document), layoutPatch: {} });
    const mine = store.getState().document;
    takeStored(store, snapshot(twoVpcLab(), 2));
    expect(store.getState().document).toBe(mine);
  });

  it("drops what is gone from the selection", () => {
    const store = createEditorStore(snapshot());
    const { document } = store.getState();
    select(store, document.vpcs.map(({ id }) => id));
    takeStored(store, snapshot(after(document, { op: "delete", id: document.vpcs[0]!.id }), 2));
    expect([...store.getState().selection]).toEqual([document.vpcs[1]!.id]);
  });
});

describe("a conflict", () => {
  /** Both tabs start from the same base and add a VPC each, which gets the same name and range in both. */
  function twoTabs() {
    const base = twoVpcLab();
    const store = createEditorStore(snapshot(base));
    perform(store, { label: "Add", command: addVpc(base), layoutPatch: {} });
    const theirs = snapshot(after(base, addVpc(base)), 2);
    store.setState({ conflict: { theirs, author: "another tab" } });
    return { store, theirs };
  }

  it("keep both puts mine on top of theirs, with the next free name and range", () => {
    const { store } = twoTabs();
    expect(resolveConflict(store, "keep-both")).toEqual([]);
    const { document, unsaved, stored, conflict } = store.getState();
    expect(vpcNames(document)).toEqual(["vpc1", "vpc2", "vpc3", "vpc4"]);
    expect(new Set(document.vpcs.map(({ cidr }) => cidr)).size).toBe(4);
    expect(after(stored.document, ...unsaved)).toEqual(document);
    expect({ revision: stored.revision, conflict }).toEqual({ revision: 2, conflict: null });
  });

  it("theirs drops mine, and there is nothing left to save", () => {
    const { store, theirs } = twoTabs();
    resolveConflict(store, "theirs");
    expect(store.getState()).toMatchObject({ document: theirs.document, unsaved: [], save: { kind: "saved" } });
  });

  it("says what cannot be kept, and keeps the rest", () => {
    const base = twoVpcLab();
    const store = createEditorStore(snapshot(base));
    const [one, two] = base.vpcs;
    perform(store, { label: "Rename", command: { op: "update", kind: "vpc", id: one!.id, set: { name: "shop" } }, layoutPatch: {} });
    perform(store, { label: "Rename", command: { op: "update", kind: "vpc", id: two!.id, set: { name: "office" } }, layoutPatch: {} });
    store.setState({ conflict: { theirs: snapshot(after(base, { op: "delete", id: one!.id }), 2), author: "another tab" } });
    expect(resolveConflict(store, "keep-both")).toHaveLength(1);
    expect(vpcNames(store.getState().document)).toEqual(["office"]);
  });
});
