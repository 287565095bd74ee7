import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { databaseKinds, MIGRATIONS, testStorage } from "../testing/test-database";
import type { TestStorage } from "../testing/test-database";
import { migrate } from "./migrate";

describe("the migrations", () => {
  it("make exactly the schema", async () => {
    const { missingSql } = (await import("../../../../../prisma/scripts/schema-engine.mjs" as string)) as { missingSql(): Promise<string> };
    expect(await missingSql()).toBe("");
  });
});

describe.runIf(databaseKinds().includes("postgresql"))("migrating a database", () => {
  let storage: TestStorage;
  let directory: string;
  beforeEach(async () => {
    storage = await testStorage("postgresql");
    directory = mkdtempSync(join(tmpdir(), "vpclab-migrations-"));
    cpSync(MIGRATIONS, directory, { recursive: true });
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
    storage.remove();
  });

  const names = readdirSync(MIGRATIONS).filter((name) => !name.endsWith(".toml")).sort();
  const add = (name: string, sql: string) => {
    mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, name, "migration.sql"), sql);
  };
  async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client(storage.databaseUrl ?? "");
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
  const run = () => withClient((client) => migrate(client, directory));

  it("applies each once, and later ones later", async () => {
    expect(await run()).toEqual(names);
    expect(await run()).toEqual([]);
    add("29990101000000_more", `CREATE TABLE "More" ("id" INT)`);
    expect(await run()).toEqual(["29990101000000_more"]);
  });

  it("is done once when several servers start at the same moment", async () => {
    const applied = await Promise.all(Array.from({ length: 5 }, run));
    expect(applied.flat()).toEqual(names);
  });

  it("leaves nothing of one that fails, and goes on when it is mended", async () => {
    await run();
    add("29990101000000_more", `CREATE TABLE "More" ("id" INT); SELECT nonsense;`);
    await expect(run()).rejects.toThrow("nonsense");
    add("29990101000000_more", `CREATE TABLE "More" ("id" INT)`);
    expect(await run()).toEqual(["29990101000000_more"]);
  });

  it("refuses one that was changed after it had been applied", async () => {
    await run();
    add(names[0] ?? "", "SELECT 1");
    await expect(run()).rejects.toThrow("was edited after it had been applied");
  });

  it("refuses to go on after one that Prisma's own tool left half-done", async () => {
    await run();
    await withClient((client) => client.query(`UPDATE "_prisma_migrations" SET "finished_at" = NULL`));
    await expect(run()).rejects.toThrow("failed earlier");
  });
});
