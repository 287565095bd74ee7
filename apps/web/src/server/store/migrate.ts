import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { Client } from "pg";

/** Any number, the same in every server: only one of them migrates at a time. */
const LOCK_KEY = 518_221_907;

/** As Prisma makes it, so that `prisma migrate deploy` of an administrator and this runner agree about what was applied. */
const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`;

interface HistoryRow {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

/**
 * Brings the schema up to date; answers the names of the migrations that it applied. Each one is applied together with
 * its history row in one transaction, so a server that is killed half-way leaves nothing half-done.
 */
export async function migrate(client: Client, directory: string): Promise<readonly string[]> {
  await client.query("SELECT pg_advisory_lock($1)", [LOCK_KEY]);
  try {
    await client.query(HISTORY_TABLE);
    const done = await readHistory(client);
    const applied: string[] = [];
    for (const { name, sql, checksum } of readMigrations(directory)) {
      const before = done.get(name);
      if (before === undefined) {
        await applyOne(client, name, sql, checksum);
        applied.push(name);
      } else if (before !== checksum) {
        throw new AppError("INTERNAL", `The migration ${name} was edited after it had been applied to this database. Restore the file; write a new migration for changes.`);
      }
    }
    return applied;
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [LOCK_KEY]);
  }
}

async function readHistory(client: Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<HistoryRow>(
    `SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  const failed = rows.find((row) => row.finished_at === null);
  if (failed) {
    throw new AppError("INTERNAL", `The migration ${failed.migration_name} failed earlier on this database. Mend it with \`npx prisma migrate resolve\`.`);
  }
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function readMigrations(directory: string): { name: string; sql: string; checksum: string }[] {
  return readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, "migration.sql")))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

async function applyOne(client: Client, name: string, sql: string, checksum: string): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at", "applied_steps_count") VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}
