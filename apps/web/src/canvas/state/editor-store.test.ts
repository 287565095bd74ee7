import { describe, expect, it } from "vitest";
import { seededRandom, twoVpcLab } from "@vpclab/shared/testing/builders";
import { applyEdits } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import { newVpc } from "@vpclab/shared/topology/new-object";
import type { Topology } from "@vpclab/shared/topology/topology";
import type { TopologySnapshot } from "@vpclab/shared/wire/api";
import { createEditorStore, mergeStored, perform, redo, resolveConflict, select, selectOnCanvas, takeStored, undo } from "./editor-store";

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

describe("undo beside somebody else", () => {
  const base = twoVpcLab();
  const [instance] = base.instances;
  const [group] = base.securityGroups;
  const rule = (n: number) => ({ id: `sgr-000000000000000${n}`, direction: "ingress" as const, protocol: "tcp" as const, ports: { from: 80 + n, to: 80 + n }, peer: { cidr: "10.0.0.0/8" }, description: "" });
  const rules = (...numbers: number[]): EditCommand => ({ op: "update", kind: "security-group", id: group!.id, set: { rules: [...group!.rules, ...numbers.map(rule)] } });
  const rename = (name: string): EditCommand => ({ op: "update", kind: "instance", id: instance!.id, set: { name } });
  /** This tab does one thing, which is saved; then somebody else does another on top of it. */
  function saved(mine: EditCommand, theirs: EditCommand) {
    const store = createEditorStore(snapshot(base));
    perform(store, { label: "mine", command: mine, layoutPatch: { [instance!.id]: { x: 5, y: 5 } } });
    store.setState(({ document }) => ({ unsaved: [], unsavedLayout: {}, stored: { revision: 2, document } }));
    takeStored(store, { ...snapshot(after(store.getState().document, theirs), 3), layout: { [instance!.id]: { x: 9, y: 9 } } });
    return store;
  }
  const rulesOf = (document: Topology) => document.securityGroups.find(({ id }) => id === group!.id)!.rules.map(({ id }) => id).filter((id) => id.startsWith("sgr-000"));

  it("takes its own rule out of a list and leaves theirs, and puts it in again", () => {
    const store = saved(rules(1), rules(1, 2));
    expect(undo(store).ok).toBe(true);
    expect(rulesOf(store.getState().document)).toEqual([rule(2).id]);
    expect(redo(store).ok).toBe(true);
    expect(rulesOf(store.getState().document).sort()).toEqual([rule(1).id, rule(2).id]);
  });

  it("leaves a field that they have changed since, and a box that they have moved", () => {
    const store = saved(rename("mine"), rename("theirs"));
    expect(undo(store)).toMatchObject({ ok: false, error: [{ code: "CONFLICT" }] });
    expect(store.getState().document.instances.find(({ id }) => id === instance!.id)!.name).toBe("theirs");
    const other = saved(rename("mine"), rules(1));
    expect(undo(other).ok).toBe(true);
    expect(other.getState().layout[instance!.id]).toEqual({ x: 9, y: 9 });
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

  it("puts mine on top of theirs, with the next free name and range", () => {
    const { store } = twoTabs();
    expect(resolveConflict(store, "mine")).toEqual([]);
    const { document, unsaved, stored, conflict } = store.getState();
    expect(vpcNames(document)).toEqual(["vpc1", "vpc2", "vpc3", "vpc4"]);
    expect(new Set(document.vpcs.map(({ cidr }) => cidr)).size).toBe(4);
    expect(after(stored.document, ...unsaved)).toEqual(document);
    expect({ revision: stored.revision, conflict }).toEqual({ revision: 2, conflict: null });
  });

  it("is decided for what both have changed; everything else of both is kept", () => {
    for (const prefer of ["mine", "theirs"] as const) {
      const base = twoVpcLab();
      const store = createEditorStore(snapshot(base));
      const [one, two] = base.vpcs;
      const rename = (id: string, name: string): EditCommand => ({ op: "update", kind: "vpc", id, set: { name } });
      perform(store, { label: "Rename", command: rename(one!.id, "mine"), layoutPatch: {} });
      perform(store, { label: "Rename", command: rename(two!.id, "office"), layoutPatch: {} });
      expect(mergeStored(store, snapshot(after(base, rename(one!.id, "theirs")), 2), "anna")).toBe(true);
      expect(resolveConflict(store, prefer)).toEqual([]);
      expect(vpcNames(store.getState().document)).toEqual([prefer, "office"].sort());
      expect(after(store.getState().stored.document, ...store.getState().unsaved)).toEqual(store.getState().document);
    }
  });

  it("says nothing when both have changed different things, of one object, too", () => {
    const base = twoVpcLab();
    const store = createEditorStore(snapshot(base));
    const [instance] = base.instances;
    perform(store, { label: "Rename", command: { op: "update", kind: "instance", id: instance!.id, set: { name: "web" } }, layoutPatch: {} });
    expect(mergeStored(store, snapshot(after(base, { op: "update", kind: "instance", id: instance!.id, set: { webServer: { port: 8080 } } }), 2), "anna")).toBe(false);
    expect(store.getState().document.instances.find(({ id }) => id === instance!.id)).toMatchObject({ name: "web", webServer: { port: 8080 } });
  });

  it("with a deletion is told, and keeping theirs keeps the rest", () => {
    const base = twoVpcLab();
    const store = createEditorStore(snapshot(base));
    const [one, two] = base.vpcs;
    perform(store, { label: "Rename", command: { op: "update", kind: "vpc", id: one!.id, set: { name: "shop" } }, layoutPatch: {} });
    perform(store, { label: "Rename", command: { op: "update", kind: "vpc", id: two!.id, set: { name: "office" } }, layoutPatch: {} });
    store.setState({ conflict: { theirs: snapshot(after(base, { op: "delete", id: one!.id }), 2), author: "another tab" } });
    expect(resolveConflict(store, "theirs")).toEqual([]);
    expect(vpcNames(store.getState().document)).toEqual(["office"]);
  });
});
