import { hostname } from "node:os";
import { AppError } from "@vpclab/shared/errors/app-error";
import { enrol } from "../enrol/enrol";
import { readToken } from "../enrol/read-token";
import { fingerprintOfKey } from "../link/ed25519";
import { parseServerAddress } from "../link/server-address";
import { openStateDir } from "../state/state-dir";
import { lockStateDir } from "./lock";
import { leaveLocalUse } from "./leave-local-use";
import type { Options } from "./options";

export async function enrolCommand({ url, stateDir, tokenFile, mode, name }: Options, print: (line: string) => void): Promise<number> {
  if (url === null) throw new AppError("SCHEMA", "Name the server: --url https://…");
  const address = parseServerAddress(url);
  const dir = await openStateDir(stateDir);
  const lock = await lockStateDir(dir);
  try {
    await leaveLocalUse(dir);
    const token = await readToken(tokenFile, process.stdin);
    const { agentId, agentKey, serverKey, state } = await enrol({ stateDir: dir, address, url, token, hostName: name ?? hostname(), mode });
    print(`enrolled as ${agentId}; obeys the key ${serverKey.keyId}`);
    if (state === "pending") {
      print(`fingerprint of this host: ${fingerprintOfKey(agentKey)}`);
      print("It waits for its approval: compare the fingerprint on the server's Hosts page and press Approve there.");
    }
    return 0;
  } finally {
    await lock.release();
  }
}
