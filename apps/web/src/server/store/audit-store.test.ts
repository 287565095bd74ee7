import { join } from "node:path";
import type { AuditRecord } from "@vpclab/shared/wire/audit";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyAudit } from "../services/verify-audit";
import { databaseKinds, MIGRATIONS, testStorage } from "../testing/test-database";
import type { TestStorage } from "../testing/test-database";
import { appendAudit, auditPage, readAuditHead } from "./audit-store";
import { openDatabase } from "./database";
import type { Database } from "./database";

const RECORD: AuditRecord = {
  at: 1_764_490_000_000, actor: { kind: "user", id: "u1", name: "ann", role: "admin" }, ip: "192.0.2.7", action: "topology.save",
  object: { kind: "topology", id: "t1", name: "lab" }, revisionBefore: 1, revisionAfter: 2, outcome: "done", errorCode: null, jobId: null, traceId: null, count: 1,
};

describe.each(databaseKinds())("the audit log's table on %s", (kind) => {
  let storage: TestStorage;
  let database: Database;
  beforeAll(async () => {
    storage = await testStorage(kind);
    database = await openDatabase({
      url: storage.databaseUrl, dataDirectory: join(storage.dataDirectory), migrationsDirectory: MIGRATIONS, log: pino({ level: "silent" }), onFatal: (error) => console.error(error),
    });
  });
  afterAll(async () => {
    await database.close();
    storage.remove();
  });
  const append = (...changes: Partial<AuditRecord>[]) => database.transaction((tables) => appendAudit(tables, changes.map((change) => ({ ...RECORD, ...change }))));

  it("is one chain, though a hundred write at the same moment", async () => {
    const heads = await Promise.all(Array.from({ length: 100 }, (_, i) => append({ jobId: `${i}` })));
    expect(heads.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    const { verifiedTo, fault, head } = await verifyAudit(database.tables);
    expect([verifiedTo, fault, head]).toEqual([100, null, await readAuditHead(database.tables)]);
    expect(new Set((await auditPage(database.tables, 0, 200)).map(({ jobId }) => jobId)).size).toBe(100);
  });

  it("has nothing of what was rolled back, and no gap where it would have been", async () => {
    const before = await readAuditHead(database.tables);
    await expect(database.transaction(async (tables) => {
      await appendAudit(tables, [RECORD]);
      throw new Error("not this time");
    })).rejects.toThrow("not this time");
    expect(await readAuditHead(database.tables)).toEqual(before);
    expect((await append({})).sequence).toBe((before?.sequence ?? 0) + 1);
  });

  it("gives back what was written, whatever text it was", async () => {
    const names = ["", "\r\nInjected: yes", "\u001b[2J\u202e", "a\0b", "\ud800", "😀".repeat(200), "x".repeat(1_000_000), "=cmd|'/c calc'!A1", "'; DROP TABLE \"AuditEntry\"; --"];
    await append(...names.map((name) => ({ object: { kind: "topology", id: name, name } })), { object: null, actor: { kind: "anonymous", id: null, name: null, role: null } });
    expect((await verifyAudit(database.tables)).fault).toBeNull();
  });

  it.each([
    ["a change", `UPDATE "AuditEntry" SET "outcome" = 'done' WHERE "sequence" = 1`],
    ["a change of nothing", `UPDATE "AuditEntry" SET "outcome" = 'done' WHERE "sequence" = -1`],
    ["a removal", `DELETE FROM "AuditEntry" WHERE "sequence" = 1`],
    ["a removal of all", `DELETE FROM "AuditEntry"`],
    ["TRUNCATE", `TRUNCATE "AuditEntry"`],
    ["TRUNCATE of both", `TRUNCATE "AuditEntry", "AuditHead" CASCADE`],
    ["an entry in the middle", `INSERT INTO "AuditEntry" SELECT 0, "at", "actorKind", "actorId", "actorName", "actorRole", "ip", "action", "objectKind", "objectId", "objectName", "revisionBefore", "revisionAfter", "outcome", "errorCode", "jobId", "traceId", "count", "previousHash", "hash" FROM "AuditEntry" WHERE "sequence" = 1`],
    ["an entry with a gap before it", `INSERT INTO "AuditEntry" SELECT 100000, "at", "actorKind", "actorId", "actorName", "actorRole", "ip", "action", "objectKind", "objectId", "objectName", "revisionBefore", "revisionAfter", "outcome", "errorCode", "jobId", "traceId", "count", "previousHash", "hash" FROM "AuditEntry" WHERE "sequence" = 1`],
    ["an entry of a megabyte", `INSERT INTO "AuditEntry" SELECT "sequence" + 1, "at", "actorKind", "actorId", repeat('x', 1000000), "actorRole", "ip", "action", "objectKind", "objectId", "objectName", "revisionBefore", "revisionAfter", "outcome", "errorCode", "jobId", "traceId", "count", "hash", "hash" FROM "AuditEntry" ORDER BY "sequence" DESC LIMIT 1`],
    ["a head that goes back", `UPDATE "AuditHead" SET "sequence" = 1`],
    ["a head of no entry", `UPDATE "AuditHead" SET "sequence" = "sequence" + 1`],
    ["a second head", `INSERT INTO "AuditHead" VALUES (2, 0, '')`],
    ["the removal of the head", `DELETE FROM "AuditHead"`],
    ["TRUNCATE of the head", `TRUNCATE "AuditHead"`],
  ])("refuses %s", async (_, sql) => {
    const before = await readAuditHead(database.tables);
    await expect(database.tables.$executeRawUnsafe(sql)).rejects.toThrow(/append-only|goes behind the newest|goes forward only|at most 8 KiB/);
    expect([await readAuditHead(database.tables), (await verifyAudit(database.tables)).fault]).toEqual([before, null]);
  });
});
