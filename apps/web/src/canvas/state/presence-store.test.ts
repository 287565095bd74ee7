import { NOWHERE } from "@vpclab/shared/wire/presence";
import type { PersonHere } from "@vpclab/shared/wire/presence";
import { describe, expect, it } from "vitest";
import { createPresenceStore, hearPresence, initialsOf } from "./presence-store";

const person = (key: string, place: number): PersonHere => ({ key, name: key, place, ...NOWHERE });

describe("who is here", () => {
  it("is what was told at the beginning and what has changed since", () => {
    const store = createPresenceStore();
    hearPresence(store, { type: "all", people: [person("a", 0)], you: "a" });
    hearPresence(store, { type: "changed", people: [person("b", 1), { key: "a", cursor: { x: 1, y: 2 } }], gone: [] });
    hearPresence(store, { type: "changed", people: [{ key: "b", selection: ["vpc-1"] }], gone: [] });
    expect(store.getState()).toEqual({ you: "a", people: { a: { ...person("a", 0), cursor: { x: 1, y: 2 } }, b: { ...person("b", 1), selection: ["vpc-1"] } } });
    hearPresence(store, { type: "changed", people: [], gone: ["b"] });
    expect(Object.keys(store.getState().people)).toEqual(["a"]);
  });

  it("has initials", () => {
    expect(["anna", "anna.berg", "a-b-c", "x"].map(initialsOf)).toEqual(["AN", "AB", "AB", "X"]);
  });
});
