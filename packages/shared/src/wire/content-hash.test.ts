import { describe, expect, it } from "vitest";
import { EMPTY_TOPOLOGY } from "../topology/topology";
import { contentHashOf } from "./content-hash";

describe("content hash", () => {
  it("is the same for the same document, whatever the order of its keys", () => {
    const turned = Object.fromEntries(Object.entries(EMPTY_TOPOLOGY).reverse()) as typeof EMPTY_TOPOLOGY;
    expect(contentHashOf("default", turned)).toBe(contentHashOf("default", EMPTY_TOPOLOGY));
    expect(contentHashOf("default", EMPTY_TOPOLOGY)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("differs by name, by content and by being gone", () => {
    const aws = { ...EMPTY_TOPOLOGY, settings: { ...EMPTY_TOPOLOGY.settings, addressing: "aws" as const } };
    const hashes = [contentHashOf("a", EMPTY_TOPOLOGY), contentHashOf("b", EMPTY_TOPOLOGY), contentHashOf("a", null), contentHashOf("a", aws)];
    expect(new Set(hashes).size).toBe(4);
  });
});
