import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";

/** Major version of the PostgreSQL inside the pinned @electric-sql/pglite. */
export const EMBEDDED_POSTGRES_MAJOR = 18;

/** PostgreSQL cannot open the files of another major version; PGlite's own message does not say so. */
export function checkDataVersion(directory: string): void {
  const file = join(directory, "PG_VERSION");
  if (!existsSync(file)) return;
  const found = readFileSync(file, "utf8").trim();
  if (found === String(EMBEDDED_POSTGRES_MAJOR)) return;
  throw new AppError(
    "INTERNAL",
    `The database in ${directory} was written by PostgreSQL ${found}, this vpclab brings ${EMBEDDED_POSTGRES_MAJOR}. ` +
      "Export your topologies with the vpclab that wrote it, or move the folder away to begin with an empty database.",
  );
}
