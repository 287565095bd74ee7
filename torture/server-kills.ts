import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerKillsEnd } from "../apps/web/src/server/testing/server-kills";
import { killServers } from "../apps/web/src/server/testing/server-kills";
import { signedIn } from "./way-lab";

/** The server's process killed with jobs in flight, on the embedded database. */
export async function tryServerKills(kills: number): Promise<ServerKillsEnd> {
  const folder = mkdtempSync(join(tmpdir(), "torture-server-"));
  try {
    return await killServers({
      dataDirectory: join(folder, "data"), migrationsDirectory: join(import.meta.dirname, "../prisma/migrations"), kills,
      signIn: ({ url, signIn }) => signedIn(Number(new URL(url).port), signIn),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
