import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { PrismaPGlite } from "pglite-prisma-adapter";

// Prisma's own schema engine, as WebAssembly over a PostgreSQL in memory: writes and checks migrations without a download.
// The package calls its interface internal, so it is for development only and its version is pinned exactly.

const schemaDirectory = join(import.meta.dirname, "..");
export const migrationsDirectory = join(schemaDirectory, "migrations");
const schemaPath = join(schemaDirectory, "schema.prisma");

/** The schema as the engine takes it. */
const schemaFiles = () => ({ files: [{ path: schemaPath, content: readFileSync(schemaPath, "utf8") }] });

/** The migrations of the repository as the engine takes them, oldest first. */
function migrationsList() {
  const lockfile = join(migrationsDirectory, "migration_lock.toml");
  const names = existsSync(migrationsDirectory)
    ? readdirSync(migrationsDirectory, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
    : [];
  return {
    baseDir: migrationsDirectory,
    shadowDbInitScript: "",
    lockfile: { path: "migration_lock.toml", content: existsSync(lockfile) ? readFileSync(lockfile, "utf8") : null },
    migrationDirectories: names.sort().map((path) => ({
      path,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok", value: readFileSync(join(migrationsDirectory, path, "migration.sql"), "utf8") },
      },
    })),
  };
}

/** Opens the engine on an empty database, gives it to `use`, and closes everything. */
async function withSchemaEngine(use) {
  const { SchemaEngine } = await loadWasm();
  const database = new PGlite();
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(database));
    const engine = await SchemaEngine.new({ datamodels: schemaFiles().files.map(({ path, content }) => [path, content]) }, () => {}, adapter);
    return await use(engine);
  } finally {
    await database.close();
  }
}

/** SQL that is still missing from the migrations, or an empty string when they make exactly the schema. */
export const missingSql = () =>
  withSchemaEngine(async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: "migrations", ...migrationsList() },
      to: { tag: "schemaDatamodel", ...schemaFiles() },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout?.trim() === "-- This is an empty migration." ? "" : (stdout ?? "").trim();
  });

/** The bindings are one per process: a second instance would talk to the first one's memory. */
let wasm;
const loadWasm = () => (wasm ??= instantiate());

async function instantiate() {
  const directory = dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"));
  const bindings = await import(pathToFileURL(join(directory, "schema_engine_bg.js")).href);
  const { instance } = await WebAssembly.instantiate(readFileSync(join(directory, "schema_engine_bg.wasm")), {
    "./schema_engine_bg.js": bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => console.error(message) };
  return bindings;
}
