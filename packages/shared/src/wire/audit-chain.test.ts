import { describe, expect, it } from "vitest";
import type { AuditEntry, AuditHead, AuditRecord } from "./audit";
import { AUDIT_GENESIS, auditHash, entryFault, nextAuditEntry } from "./audit-chain";

const RECORD: AuditRecord = {
  at: 1_764_490_000_123, actor: { kind: "user", id: "u1", name: "ann", role: "admin" }, ip: "192.0.2.7", action: "topology.save",
  object: { kind: "topology", id: "t1", name: "lab “ä”\n" }, revisionBefore: 3, revisionAfter: 4, outcome: "done", errorCode: null, jobId: "j1", traceId: "r1", count: 1,
};

/** By another implementation than the one in use. */
async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function chain(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  let head: AuditHead = AUDIT_GENESIS;
  for (let i = 0; i < length; i++) entries.push((head = nextAuditEntry(head, { ...RECORD, at: RECORD.at + i })) as AuditEntry);
  return entries;
}

describe("the hash of an entry", () => {
  it("is the SHA-256 of the text that the comment names, so that another program can check it", async () => {
    const text = `["vpclab-audit-v1",1,"${"0".repeat(64)}",1764490000123,"user","u1","ann","admin","192.0.2.7","topology.save","topology","t1","lab “ä”\\n",3,4,"done",null,"j1","r1",1]`;
    expect(auditHash(RECORD, AUDIT_GENESIS)).toBe(await sha256(text));
  });

  const CHANGES: Record<string, Partial<AuditRecord>> = {
    at: { at: RECORD.at + 1 }, "actor kind": { actor: { ...RECORD.actor, kind: "agent" } }, "actor id": { actor: { ...RECORD.actor, id: null } },
    "actor name": { actor: { ...RECORD.actor, name: "bob" } }, "actor role": { actor: { ...RECORD.actor, role: null } }, ip: { ip: null },
    action: { action: "topology.remove" }, "no object": { object: null }, "object kind": { object: { ...RECORD.object!, kind: "host" } },
    "object id": { object: { ...RECORD.object!, id: "t2" } }, "object name": { object: { ...RECORD.object!, name: "" } },
    "revisions swapped": { revisionBefore: 4, revisionAfter: 3 }, "revision moved": { revisionBefore: null, revisionAfter: 3 }, outcome: { outcome: "refused" },
    "error code": { errorCode: "CONFLICT" }, "job id": { jobId: "j2" }, "trace id": { traceId: null }, count: { count: 2 },
    "a value moved to the next field": { jobId: null, traceId: "j1" },
  };
  it("differs with every field, and with the place in the chain", () => {
    const hashes = Object.values(CHANGES).map((change) => auditHash({ ...RECORD, ...change }, AUDIT_GENESIS));
    hashes.push(auditHash(RECORD, AUDIT_GENESIS), auditHash(RECORD, { ...AUDIT_GENESIS, sequence: 1 }), auditHash(RECORD, { sequence: 0, hash: "1".repeat(64) }));
    expect(new Set(hashes).size).toBe(Object.keys(CHANGES).length + 3);
  });
});

describe("an entry that is written", () => {
  it("is bounded, and of text that a database gives back unchanged", () => {
    const long = "x".repeat(1_000_000);
    const entry = nextAuditEntry(AUDIT_GENESIS, {
      ...RECORD, actor: { kind: "user", id: long, name: `a\0b\ud800c`, role: long }, ip: long, action: long, object: { kind: long, id: long, name: `${"y".repeat(127)}😀` },
      errorCode: long, jobId: long, traceId: long,
    });
    expect(JSON.stringify(entry).length).toBeLessThan(1_500);
    expect(entry.actor.name).toBe("a\ufffdb\ufffdc");
    expect(entry.object?.name).toBe(`${"y".repeat(127)}\ufffd`);
    expect(entryFault(AUDIT_GENESIS, entry)).toBeNull();
  });
});

describe("a chain", () => {
  const walk = (entries: readonly AuditEntry[]) => {
    let head: AuditHead = AUDIT_GENESIS;
    for (const entry of entries) {
      const fault = entryFault(head, entry);
      if (fault) return fault;
      head = entry;
    }
    return head.sequence;
  };
  const [one, two, three, four] = chain(4) as [AuditEntry, AuditEntry, AuditEntry, AuditEntry];

  it("holds as it was written", () => expect(walk([one, two, three, four])).toBe(4));

  it.each<[string, AuditEntry[], number, string]>([
    ["an entry is missing", [one, three, four], 2, "is missing"],
    ["two are swapped", [one, three, two, four], 2, "is missing"],
    ["two are swapped and numbered anew", [one, { ...three, sequence: 2 }, { ...two, sequence: 3 }, four], 2, "does not follow"],
    ["one is there twice", [one, two, two, three], 3, "there twice"],
    ["one is edited", [one, { ...two, outcome: "refused" }, three], 2, "was changed"],
    ["one is edited with its hash", [one, nextAuditEntry(one, { ...two, outcome: "refused" }), three], 3, "does not follow"],
    ["one is put between", [one, nextAuditEntry(one, RECORD), { ...two, sequence: 3 }], 3, "does not follow"],
  ])("shows where %s", (_, entries, sequence, reason) => {
    expect(walk(entries)).toEqual({ sequence, reason: expect.stringContaining(reason) as string });
  });
});
