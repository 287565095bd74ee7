import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { LocalAgent, LocalAgentOptions } from "@vpclab/shared/wire/local-agent";
import { connectControl } from "../local/control-client";
import { openStateDir } from "../state/state-dir";
import { openInProcess } from "./in-process-agent";
import { holderOf, tryLockStateDir } from "./lock";

const RETRY_MS = 50;

/** The agent of this state directory: one that runs with it, or this very process. Throws AppError. */
export async function openLocalAgent(options: LocalAgentOptions): Promise<LocalAgent> {
  if (process.geteuid?.() !== 0) return await connectControl(options.stateDir) ?? refuseWithoutRoot(options);
  const stateDir = await openStateDir(options.stateDir);
  const deadline = performance.now() + options.waitMs;
  for (;;) {
    const lock = await tryLockStateDir(stateDir);
    if (lock) return openInProcess(stateDir, options, lock).catch(async (error: unknown) => {
      await lock.release();
      throw error;
    });
    const running = await connectControl(stateDir);
    if (running) return running;
    if (performance.now() > deadline) throw new AppError("CONFLICT", `${holderOf(stateDir)} works with ${stateDir}; try again when it is done.`);
    await delay(RETRY_MS);
  }
}

function refuseWithoutRoot({ mode }: LocalAgentOptions): never {
  const how = mode === "rootless" ? "rootless mode needs a user namespace around it: unshare --user --map-root-user --net --mount" : "run it as: sudo vpcctl --local …";
  throw new AppError("PRIVILEGE", `vpcctl --local works with this machine's network and needs root; ${how}`);
}
