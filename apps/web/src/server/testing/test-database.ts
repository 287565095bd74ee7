import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { inject } from "vitest";
import { openDatabase } from "../store/database";
import type { Tables } from "../store/database";
import { createDatabase } from "./postgres-cluster";

export const MIGRATIONS = join(import.meta.dirname, "../../../../../prisma/migrations");

export type DatabaseKind = "embedded" | "postgresql";

/** Both databases; without an installed PostgreSQL (never under CI) only the embedded one. */
export const databaseKinds = (): DatabaseKind[] => (inject("postgresUrl") === null ? ["embedded"] : ["embedded", "postgresql"]);

/** For what does not depend on the database: the one that starts faster. */
export const standardDatabase = (): DatabaseKind => databaseKinds().at(-1) ?? "embedded";

export interface TestStorage {
  readonly dataDirectory: string;
  readonly databaseUrl: string | null;
  remove(): void;
}

/** A data directory of its own, with a database of the given kind. */
export async function testStorage(kind: DatabaseKind): Promise<TestStorage> {
  const dataDirectory = mkdtempSync(join(tmpdir(), "vpclab-server-test-"));
  const remove = () => rmSync(dataDirectory, { recursive: true, force: true });
  if (kind === "embedded") {
    cpSync(join(inject("embeddedTemplate"), "database"), join(dataDirectory, "database"), { recursive: true });
    return { dataDirectory, databaseUrl: null, remove };
  }
  const pattern = inject("postgresUrl");
  if (pattern === null) throw new Error("PostgreSQL is not installed");
  const databaseUrl = await createDatabase({ url: (name) => pattern.replace("DATABASE", name) });
  return { dataDirectory, databaseUrl, remove };
}

/** Works on a database while no server has it open. */
export async function withTables<T>({ dataDirectory, databaseUrl: url }: TestStorage, work: (tables: Tables) => Promise<T>): Promise<T> {
  const database = await openDatabase({
    url, dataDirectory, migrationsDirectory: MIGRATIONS, log: pino({ level: "silent" }), onFatal: (error) => console.error(error),
  });
  try {
    return await work(database.tables);
  } finally {
    await database.close();
  }
}
