import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { migrationsDirectory, missingSql } from "./schema-engine.mjs";

// Usage: npm run db:migration -- <name>. Writes what schema.prisma has and the migrations have not.
const name = process.argv[2];
if (!/^[a-z][a-z0-9_]*$/.test(name ?? "")) {
  console.error("Give the migration a name of lower-case letters, digits and _: npm run db:migration -- add_something");
  process.exit(2);
}

const sql = await missingSql();
if (sql === "") {
  console.log("The migrations already make the schema: nothing to do.");
} else {
  // Prisma's own form: year to second, then the name; sorted by text is sorted by time.
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const directory = join(migrationsDirectory, `${stamp}_${name}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "migration.sql"), `${sql}\n`);
  console.log(`Wrote ${directory}/migration.sql. Read it before you commit it.`);
}
