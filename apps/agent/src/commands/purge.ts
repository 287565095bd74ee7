import { rm } from "node:fs/promises";
import { AppError } from "@vpclab/shared/errors/app-error";
import { createLogger } from "../report/logger";
import { readIdentity } from "../state/identity";
import { readLocalRecord } from "../state/local-record";
import { openStateDir } from "../state/state-dir";
import { lockStateDir } from "./lock";
import { openMachine } from "./machine";
import type { Options } from "./options";
import { agentsOnThisHost, purgeAgent } from "./purge-namespaces";

/** Removes whatever carries the agent's mark, whether or not the agent knows of it, a server is there or its state is whole. */
export async function purge(options: Options, print: (line: string) => void): Promise<number> {
  const stateDir = await openStateDir(options.stateDir);
  const lock = await lockStateDir(stateDir);
  const log = createLogger(stateDir);
  try {
    const mine = options.all ? null : await agentOf(stateDir);
    for (const agentId of mine === null ? await agentsOnThisHost(await openMachine(options, "nobody", log)) : [mine]) {
      const removed = await purgeAgent(await openMachine(options, agentId, log), agentId, stateDir);
      print(`removed ${removed.length} namespaces of agent ${agentId}`);
    }
    if (options.forget) await rm(stateDir, { recursive: true, force: true });
    return 0;
  } finally {
    log.close();
    await lock.release();
  }
}

const whoIsThis = async (stateDir: string): Promise<{ readonly agentId: string } | null> => (await readIdentity(stateDir)) ?? readLocalRecord(stateDir);

/** Whose marks to look for. A damaged state directory does not stand in the way of `--all`. */
async function agentOf(stateDir: string): Promise<string> {
  const known = await whoIsThis(stateDir).catch((error: unknown) => {
    throw new AppError("NOT_FOUND", `${stateDir} does not say who this agent is (${error instanceof Error ? error.message : "unreadable"}); use --all to remove what any vpclab agent made.`);
  });
  if (!known) throw new AppError("NOT_FOUND", `${stateDir} is not enrolled, so it is not known which objects are its own; use --all to remove what any vpclab agent made.`);
  return known.agentId;
}
