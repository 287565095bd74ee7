import { AppError } from "@vpclab/shared/errors/app-error";
import type { RotatedKey } from "@vpclab/shared/wire/local-agent";
import { fingerprintOfKey } from "../link/ed25519";
import { connectControl } from "../local/control-client";
import { ensureNextKey, readIdentity } from "../state/identity";
import { openStateDir } from "../state/state-dir";
import { holderOf, tryLockStateDir } from "./lock";
import type { Options } from "./options";

/** A new key of this agent: by the agent that runs, or in its directory while none does. */
export async function rotateKeyCommand({ stateDir }: Options, print: (line: string) => void): Promise<number> {
  const dir = await openStateDir(stateDir);
  const { before, after, taken } = await rotated(dir);
  print(`fingerprint of this host before: ${before}`);
  print(`fingerprint of this host now:    ${after}`);
  print(taken
    ? "The server has taken it and shows it on its Hosts page. The key before is of no use any more."
    : "The server hears of it as soon as the agent is connected to it. Until then it shows the fingerprint before.");
  return 0;
}

async function rotated(dir: string): Promise<RotatedKey> {
  const lock = await tryLockStateDir(dir);
  if (!lock) return byRunningAgent(dir);
  try {
    const identity = await readIdentity(dir);
    if (!identity) throw new AppError("UNAUTHENTICATED", `This host is not enrolled (${dir}), so no server knows a key of it.`);
    return { before: fingerprintOfKey(identity.agentKey), after: fingerprintOfKey(await ensureNextKey(dir)), taken: false };
  } finally {
    await lock.release();
  }
}

async function byRunningAgent(dir: string): Promise<RotatedKey> {
  const agent = await connectControl(dir);
  if (!agent) throw new AppError("CONFLICT", `${holderOf(dir)} works with ${dir}; try again when it is done.`);
  try {
    return await agent.ask("rotateKey", {});
  } finally {
    await agent.close();
  }
}
