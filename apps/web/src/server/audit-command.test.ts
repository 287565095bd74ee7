import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Client } from "pg";
import pino from "pino";
import { describe, expect, it } from "vitest";
import { readExpected, verdictLines, verifyStoredAudit } from "./audit-command";
import { controlSocketPath } from "./start-server";
import { databaseKinds, MIGRATIONS, testStorage } from "./testing/test-database";
import { startTestServer } from "./testing/test-server";
import type { Config } from "./config";

const WEB = join(import.meta.dirname, "../..");

// Starts several processes one after the other, each with Next in it.
describe.each(databaseKinds())("verify-audit on %s", { timeout: 600_000 }, (kind) => {
  it("reads the log of a server that runs and of one that does not, and ends with 1 when a kept head is not in it", async () => {
    const storage = await testStorage(kind);
    const server = await startTestServer(kind, { storage });
    const config = { dataDirectory: storage.dataDirectory, databaseUrl: storage.databaseUrl } as Config;
    const verify = (expected: { sequence: number; hash: string }[] = []) =>
      verifyStoredAudit(config, expected, { controlSocket: controlSocketPath(storage.dataDirectory), migrationsDirectory: MIGRATIONS, log: pino({ level: "silent" }) });
    const client = await server.client();
    const { head } = (await client.audit.list.query({ limit: 1 })).chain;
    expect(await verify([head])).toMatchObject({ fault: null, compared: 1, verifiedTo: head.sequence });
    expect((await verify([{ ...head, hash: "0".repeat(64) }])).fault).toMatchObject({ sequence: head.sequence });
    await server.running.close();
    expect(await verify([head])).toMatchObject({ fault: null, compared: 1 });
    expect((await verify([{ sequence: 999, hash: head.hash }])).fault?.reason).toContain("later ones were removed");

    const run = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", join(WEB, "server.ts"), "verify-audit", ...args], {
        cwd: WEB, encoding: "utf8", env: { PATH: process.env.PATH, NODE_ENV: "test", DATA_DIR: storage.dataDirectory, DATABASE_URL: storage.databaseUrl ?? "" },
      });
      return [status, stdout + stderr];
    };
    expect(run("--expect", `${head.sequence}:${head.hash}`)).toEqual([0, expect.stringMatching(/^The audit log is as it was written: \d+ entries, compared with 1 heads kept elsewhere\.\n$/)]);
    expect(run("--expect", `${head.sequence}:${"f".repeat(64)}`)).toEqual([1, expect.stringContaining(`first bad entry ${head.sequence}:`)]);
    expect(run("--expect", "12")).toEqual([1, expect.stringContaining("Usage: verify-audit")]);
    if (storage.databaseUrl) {
      const sql = new Client(storage.databaseUrl);
      await sql.connect();
      await sql.query(`SET session_replication_role = 'replica'; UPDATE "AuditEntry" SET "actorName" = 'bob' WHERE "sequence" = 2`);
      await sql.end();
      expect(run()).toEqual([1, expect.stringContaining("first bad entry 2: entry 2 was changed")]);
    }
    storage.remove();
  });
});

describe("the words of verify-audit", () => {
  it("names the place, and clocks that were set back", () => {
    const verdict = { at: 0, verifiedTo: 4, fault: null, compared: 2, clockSetBack: [3] };
    expect(verdictLines(verdict)).toEqual(["The server's clock was set back before entry 3.", "The audit log is as it was written: 4 entries, compared with 2 heads kept elsewhere."]);
    expect(verdictLines({ ...verdict, clockSetBack: [], fault: { sequence: 5, reason: "entry 5 was changed after it had been written" } })[0]).toContain("NOT as it was written: first bad entry 5");
  });

  it.each([["--expect"], ["--expect", "0:" + "a".repeat(64)], ["--expect", "1:" + "a".repeat(63)], ["--other", "1:" + "a".repeat(64)], ["1:" + "a".repeat(64)]])("refuses %s %s", (...args) => {
    expect(() => readExpected(args)).toThrow("Usage");
  });
});
