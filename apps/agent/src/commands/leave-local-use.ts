import { AppError } from "@vpclab/shared/errors/app-error";
import { SILENT_LOG } from "../report/agent-log";
import { readIdentity } from "../state/identity";
import { JobStore } from "../state/job-store";
import { readLocalRecord, removeLocalRecord } from "../state/local-record";
import { openMachine } from "./machine";
import { purgeAgent } from "./purge-namespaces";

/**
 * An enrolment gives this host's agent another id, by which it would not know its own things again: refused while topologies
 * are held that were made without a server. A sandbox that is left of them goes. Throws CONFLICT.
 */
export async function leaveLocalUse(stateDir: string): Promise<void> {
  const record = await readLocalRecord(stateDir);
  if (!record || (await readIdentity(stateDir))) return;
  const held = (await new JobStore(stateDir).ids()).length;
  if (held > 0) {
    throw new AppError("CONFLICT", `${stateDir} holds ${held} ${held === 1 ? "topology" : "topologies"} made on this host without a server; tear them down first (vpcctl --local -t NAME teardown, or vpcctl --local purge), or enrol with another directory: --state DIR`);
  }
  const { agentId, mode, uplink } = record;
  await purgeAgent(await openMachine({ mode, uplink, internetTarget: null }, agentId, SILENT_LOG), agentId, stateDir);
  await removeLocalRecord(stateDir);
}
