import type { AuditRecord } from "@vpclab/shared/wire/audit";
import { describe, expect, it } from "vitest";
import { ANONYMOUS, userActor } from "./audit-scope";
import { RefusalWindow } from "./refusal-window";

const ann = userActor({ id: "u1", name: "ann", role: "admin" });
const refusal = (change: Partial<AuditRecord> = {}): AuditRecord => ({
  at: 1, actor: ANONYMOUS, ip: "192.0.2.7", action: "topology.get", object: null, revisionBefore: null, revisionAfter: null, outcome: "refused",
  errorCode: "UNAUTHENTICATED", jobId: null, traceId: "t", count: 1, ...change,
});

describe("a window of refusals", () => {
  it("writes the first of a kind at once and counts the others into one entry", () => {
    const window = new RefusalWindow();
    expect(window.take(refusal())).toEqual(refusal());
    for (let i = 0; i < 9; i++) expect(window.take(refusal({ traceId: `${i}` }))).toBeNull();
    expect(window.drain(60_000)).toEqual([refusal({ at: 60_000, traceId: null, count: 9 })]);
    expect(window.drain(120_000)).toEqual([]);
    expect(window.take(refusal())).toEqual(refusal());
  });

  it.each<[string, Partial<AuditRecord>]>([
    ["another address", { ip: "192.0.2.8" }], ["another action", { action: "topology.save" }], ["another code", { errorCode: "NOT_FOUND" }],
    ["another object", { object: { kind: "topology", id: "t2", name: null } }], ["another user", { actor: ann }],
  ])("takes %s for another kind", (_, change) => {
    const window = new RefusalWindow();
    window.take(refusal());
    expect(window.take(refusal(change))).not.toBeNull();
  });

  it("takes the addresses of one IPv6 network for one caller", () => {
    const window = new RefusalWindow();
    expect(window.take(refusal({ ip: "2001:db8::1" }))).not.toBeNull();
    expect(window.take(refusal({ ip: "2001:db8:0:0:ffff::2" }))).toBeNull();
    expect(window.take(refusal({ ip: "2001:db8:0:1::1" }))).not.toBeNull();
    expect(window.take(refusal({ ip: "::1" }))).not.toBeNull();
  });

  it("a flood of a million anonymous refusals of all kinds and addresses is 121 entries at most, and none is forgotten", () => {
    const window = new RefusalWindow();
    let written = 0;
    for (let i = 0; i < 1_000_000; i++) if (window.take(refusal({ ip: `10.${i % 251}.${i % 241}.${i % 239}`, object: { kind: "topology", id: `${i % 1000}`, name: null } }))) written += 1;
    // Half of it was not signed in, so that a user's is still seen.
    expect(window.take(refusal({ actor: ann }))).not.toBeNull();
    const drained = window.drain(60_000);
    expect(written + drained.length).toBeLessThanOrEqual(121);
    expect(written + drained.reduce((sum, { count }) => sum + count, 0)).toBe(1_000_000);
    expect(drained.filter(({ action, ip }) => action === "various" && ip === null)).toHaveLength(1);
  });

  it("one user who tries everything is 41 entries at most, and a crowd of callers is bounded too", () => {
    const window = new RefusalWindow();
    const tries = (actor: AuditRecord["actor"]) => Array.from({ length: 500 }, (_, i) => window.take(refusal({ actor, object: { kind: "topology", id: `${i}`, name: null } }))).filter(Boolean).length;
    const written = tries(ann);
    const drained = window.drain(60_000);
    expect(written + drained.length).toBeLessThanOrEqual(41);
    expect(drained.at(-1)).toMatchObject({ actor: ann, action: "various", count: 480 });
    for (let i = 0; i < 2000; i++) window.take(refusal({ actor: { ...ann, id: `${i}` } }));
    expect(window.drain(60_000)).toEqual([expect.objectContaining({ action: "various", count: 1000 })]);
  });
});
