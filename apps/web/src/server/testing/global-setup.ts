import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../store/database";
import { startPostgresCluster } from "./postgres-cluster";

declare module "vitest" {
  interface ProvidedContext {
    /** URL of the test cluster's maintenance database with `DATABASE` in place of a name; null: PostgreSQL is not installed. */
    postgresUrl: string | null;
    /** Data directory with an embedded database whose schema is up to date; tests copy it. */
    embeddedTemplate: string;
  }
}

/** One PostgreSQL cluster and one ready embedded database for all server tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startPostgresCluster();
  project.provide("postgresUrl", cluster?.url("DATABASE") ?? null);
  const template = mkdtempSync(join(tmpdir(), "vpclab-template-"));
  const database = await openDatabase({
    url: null, dataDirectory: template, migrationsDirectory: join(import.meta.dirname, "../../../../../prisma/migrations"),
    log: pino({ level: "silent" }), onFatal: (error) => console.error(error),
  });
  await database.close();
  project.provide("embeddedTemplate", template);
  return async () => {
    rmSync(template, { recursive: true, force: true });
    await cluster?.close();
  };
}
