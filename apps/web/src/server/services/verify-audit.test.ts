import type { AuditHead, AuditRecord } from "@vpclab/shared/wire/audit";
import { nextAuditEntry } from "@vpclab/shared/wire/audit-chain";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appendAudit, auditPage } from "../store/audit-store";
import { openDatabase } from "../store/database";
import type { Database, Tables } from "../store/database";
import { MIGRATIONS, standardDatabase, testStorage } from "../testing/test-database";
import type { TestStorage } from "../testing/test-database";
import { verifyAudit } from "./verify-audit";
import type { AuditReport, KeptHead } from "./verify-audit";

const ROWS = 10_000;
const TRIALS = 8;
const SEED = 19;

const record = (i: number): AuditRecord => ({
  at: 1_764_490_000_000 + i, actor: { kind: "user", id: "u1", name: "ann", role: "admin" }, ip: "192.0.2.7", action: "topology.save",
  object: { kind: "topology", id: `t${i % 7}`, name: "lab" }, revisionBefore: i, revisionAfter: i + 1, outcome: "done", errorCode: null, jobId: null, traceId: null, count: 1,
});

/** Park–Miller: the same trials every time. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}

/** Columns, and what somebody with a grudge would write into them. */
const FORGERIES = [
  `"actorName" = 'bob'`, `"actorId" = NULL`, `"actorKind" = 'system'`, `"actorRole" = 'viewer'`, `"ip" = '198.51.100.1'`, `"action" = 'topology.remove'`,
  `"objectKind" = NULL, "objectId" = NULL, "objectName" = NULL`, `"objectId" = 'other'`, `"objectName" = 'other'`, `"revisionBefore" = 99999999`, `"revisionAfter" = NULL`,
  `"outcome" = 'refused'`, `"errorCode" = 'FORBIDDEN'`, `"jobId" = 'job'`, `"traceId" = 'trace'`, `"count" = 2`, `"at" = "at" + interval '1 millisecond'`,
  `"hash" = repeat('f', 64)`, `"previousHash" = repeat('f', 64)`,
];

describe(`the audit log of ${ROWS} entries, in the hands of whoever may write to the database`, () => {
  let storage: TestStorage;
  let database: Database;
  let head: AuditHead;
  beforeAll(async () => {
    storage = await testStorage(standardDatabase());
    database = await openDatabase({
      url: storage.databaseUrl, dataDirectory: storage.dataDirectory, migrationsDirectory: MIGRATIONS, log: pino({ level: "silent" }), onFatal: (error) => console.error(error),
    });
    for (let from = 0; from < ROWS; from += 1000) {
      head = await database.transaction((tables) => appendAudit(tables, Array.from({ length: 1000 }, (_, i) => record(from + i))));
    }
  });
  afterAll(async () => {
    await database.close();
    storage.remove();
  });

  class Undo extends Error {
    constructor(readonly report: AuditReport) {
      super();
    }
  }
  /** Verifies what a superuser has made of the tables with the triggers off, and takes it back. */
  async function afterwards(tamper: (run: (sql: string) => Promise<unknown>, tables: Tables) => Promise<unknown>, kept: readonly KeptHead[] = []): Promise<AuditReport> {
    const ended = await database.transaction(async (tables) => {
      const run = (sql: string) => tables.$executeRawUnsafe(sql);
      await run("SET LOCAL session_replication_role = 'replica'");
      await tamper(run, tables);
      throw new Undo(await verifyAudit(tables, kept));
    }).catch((error: unknown) => error);
    if (ended instanceof Undo) return ended.report;
    throw ended;
  }
  const keptAt = async (sequence: number): Promise<KeptHead> => {
    const [entry] = await auditPage(database.tables, sequence - 1, 1);
    return { sequence, hash: entry?.hash ?? "", by: "the agent of web1" };
  };
  const shift = async (run: (sql: string) => Promise<unknown>, from: number, by: number) => {
    await run(`UPDATE "AuditEntry" SET "sequence" = -"sequence" WHERE "sequence" >= ${from}`);
    await run(`UPDATE "AuditEntry" SET "sequence" = -"sequence" + ${by} WHERE "sequence" < 0`);
  };
  const headTo = (run: (sql: string) => Promise<unknown>, sequence: number) =>
    run(`UPDATE "AuditHead" SET "sequence" = ${sequence}, "hash" = (SELECT "hash" FROM "AuditEntry" WHERE "sequence" = ${sequence})`);

  it("is whole before", async () => {
    expect(await verifyAudit(database.tables, [await keptAt(1), await keptAt(ROWS)])).toEqual({ verifiedTo: ROWS, head, fault: null, compared: 2, clockSetBack: [] });
  });

  /** Each kind of tampering at a place `at` (2 to 9999); answers the first number that is not as it was written. */
  const KINDS: Record<string, (run: (sql: string) => Promise<unknown>, at: number, random: (below: number) => number) => Promise<number>> = {
    "a field is edited": async (run, at, random) => {
      await run(`UPDATE "AuditEntry" SET ${FORGERIES[random(FORGERIES.length)]} WHERE "sequence" = ${at}`);
      return at;
    },
    "an entry is removed": async (run, at) => {
      await run(`DELETE FROM "AuditEntry" WHERE "sequence" = ${at}`);
      return at;
    },
    "an entry is removed, and the others numbered anew": async (run, at) => {
      await run(`DELETE FROM "AuditEntry" WHERE "sequence" = ${at}`);
      await shift(run, at + 1, -1);
      await headTo(run, ROWS - 1);
      return at;
    },
    "an entry is put between": async (run, at) => {
      await shift(run, at, 1);
      await run(`INSERT INTO "AuditEntry" SELECT ${at}, "at", "actorKind", "actorId", 'bob', "actorRole", "ip", "action", "objectKind", "objectId", "objectName", "revisionBefore", "revisionAfter", "outcome", "errorCode", "jobId", "traceId", "count", "previousHash", "hash" FROM "AuditEntry" WHERE "sequence" = ${at + 1}`);
      await headTo(run, ROWS + 1);
      return at;
    },
    "an entry is put beside": async (run, at) => {
      await run(`INSERT INTO "AuditEntry" SELECT ${-at}, "at", "actorKind", "actorId", "actorName", "actorRole", "ip", "action", "objectKind", "objectId", "objectName", "revisionBefore", "revisionAfter", "outcome", "errorCode", "jobId", "traceId", "count", "previousHash", "hash" FROM "AuditEntry" WHERE "sequence" = ${at}`);
      return 1;
    },
    "an entry is added behind the head": async (run) => {
      await run(`INSERT INTO "AuditEntry" SELECT "sequence" + 1, "at", "actorKind", "actorId", "actorName", "actorRole", "ip", "action", "objectKind", "objectId", "objectName", "revisionBefore", "revisionAfter", "outcome", "errorCode", "jobId", "traceId", "count", "hash", "hash" FROM "AuditEntry" WHERE "sequence" = ${ROWS}`);
      return ROWS + 1;
    },
    "two entries are swapped": async (run, at, random) => {
      const other = at === ROWS - 1 ? ROWS : at + 1 + random(ROWS - 1 - at);
      await run(`UPDATE "AuditEntry" SET "sequence" = -1 WHERE "sequence" = ${at}`);
      await run(`UPDATE "AuditEntry" SET "sequence" = ${at} WHERE "sequence" = ${other}`);
      await run(`UPDATE "AuditEntry" SET "sequence" = ${other} WHERE "sequence" = -1`);
      return at;
    },
    "the newest are removed": async (run, at) => {
      await run(`DELETE FROM "AuditEntry" WHERE "sequence" > ${at}`);
      return at + 1;
    },
    "all are removed": async (run) => {
      await run(`TRUNCATE "AuditEntry"`);
      return 1;
    },
    "the head is set back": async (run, at) => {
      await headTo(run, at);
      return at + 1;
    },
    "the head is removed": async (run) => {
      await run(`DELETE FROM "AuditHead"`);
      return ROWS + 1;
    },
  };
  it.each(Object.keys(KINDS))(`finds in ${TRIALS} of ${TRIALS} trials where %s`, async (kind) => {
    const random = randomOf(SEED + Object.keys(KINDS).indexOf(kind));
    for (let trial = 0; trial < TRIALS; trial++) {
      const at = 2 + random(ROWS - 2);
      let expected = 0;
      const { fault } = await afterwards(async (run) => void (expected = (await KINDS[kind]?.(run, at, random)) ?? 0));
      expect([kind, trial, at, fault?.sequence]).toEqual([kind, trial, at, expected]);
    }
  });

  it("is silent about a chain that was cut with its head, and an agent's witness is not", async () => {
    const random = randomOf(SEED);
    for (let trial = 0; trial < TRIALS; trial++) {
      const at = 1 + random(ROWS - 1);
      const cut = async (run: (sql: string) => Promise<unknown>) => {
        await run(`DELETE FROM "AuditEntry" WHERE "sequence" > ${at}`);
        await headTo(run, at);
      };
      expect((await afterwards(cut)).fault).toBeNull();
      const seen = at + 1 + random(ROWS - at);
      expect((await afterwards(cut, [await keptAt(1), await keptAt(seen)])).fault).toEqual({ sequence: at + 1, reason: expect.stringContaining(`the agent of web1 has seen entry ${seen}`) as string });
      expect((await afterwards(cut, [await keptAt(at)])).fault).toBeNull();
    }
  });

  it("is silent about a chain that was written anew from an entry on, and an agent's witness is not", async () => {
    const random = randomOf(SEED + 1);
    for (let trial = 0; trial < TRIALS; trial++) {
      const at = ROWS - 1 - random(100);
      const rewrite = async (_: unknown, tables: Tables) => {
        const [before] = await auditPage(tables, at - 2, 1);
        const rest = await auditPage(tables, at - 1, ROWS);
        let last: AuditHead = before ?? head;
        for (const [i, entry] of rest.entries()) {
          const next = nextAuditEntry(last, i === 0 ? { ...entry, actor: { ...entry.actor, name: "bob" } } : entry);
          await tables.auditEntry.update({ where: { sequence: next.sequence }, data: { actorName: next.actor.name, previousHash: next.previousHash, hash: next.hash } });
          last = next;
        }
        await tables.auditHead.updateMany({ data: { sequence: last.sequence, hash: last.hash } });
      };
      expect((await afterwards(rewrite)).fault).toBeNull();
      const seen = at + random(ROWS - at + 1);
      expect((await afterwards(rewrite, [await keptAt(seen)])).fault).toEqual({ sequence: seen, reason: expect.stringContaining("written anew") as string });
    }
  });

  it("says where the server's clock was set back, which is no fault", async () => {
    const report = await database.transaction(async (tables) => {
      await appendAudit(tables, [{ ...record(0), at: 0 }]);
      throw new Undo(await verifyAudit(tables));
    }).catch((error: unknown) => (error as Undo).report);
    expect([report.fault, report.clockSetBack]).toEqual([null, [ROWS + 1]]);
  });

  it.each(FORGERIES)("finds %s in an entry about no object, of nobody", async (forgery) => {
    const { fault } = await afterwards(async (run, tables) => {
      await appendAudit(tables, [{ ...record(0), actor: { kind: "anonymous", id: null, name: null, role: null }, object: null, revisionBefore: null, revisionAfter: null, traceId: "t", jobId: "j" }]);
      // What it is already would be no forgery.
      await run(`UPDATE "AuditEntry" SET ${forgery.startsWith('"actorId"') ? `"actorId" = ''` : forgery.startsWith('"objectKind"') ? `"objectName" = ''` : forgery.startsWith('"revisionAfter"') ? `"revisionAfter" = 0` : forgery} WHERE "sequence" = ${ROWS + 1}`);
    });
    expect(fault?.sequence).toBe(ROWS + 1);
  });
});
