import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerKillsEnd } from "../apps/web/src/server/testing/server-kills";
import { killServers } from "../apps/web/src/server/testing/server-kills";
import { mintSignIn } from "../apps/web/src/server/mint-sign-in";
import { controlSocketPath } from "../apps/web/src/server/start-server";
import { signedIn } from "./way-lab";

/** The server's process killed with jobs in flight, on the embedded database. */
export async function tryServerKills(kills: number): Promise<ServerKillsEnd> {
  const folder = mkdtempSync(join(tmpdir(), "torture-server-"));
  try {
    const dataDirectory = join(folder, "data");
    return await killServers({
      dataDirectory, migrationsDirectory: join(import.meta.dirname, "../prisma/migrations"), kills,
      signIn: async ({ url }) => signedIn(Number(new URL(url).port), await mintSignIn(controlSocketPath(dataDirectory))),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
