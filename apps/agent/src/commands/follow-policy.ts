import { toWireError } from "@vpclab/shared/errors/app-error";
import type { Agent } from "../agent";
import { loadPolicy } from "../policy/load-policy";
import type { AgentLog } from "../report/agent-log";

/**
 * Reads the host's policy file again at each SIGHUP: the only way to change it while the agent runs. A file that is doubtful is
 * not taken, and the rules before it stay. What an agent is opened with (`publicPool`, `dnsUpstreams`) waits for its next start.
 */
export function followPolicy(path: string, agent: Pick<Agent, "usePolicy">, log: AgentLog): void {
  process.on("SIGHUP", () => {
    void loadPolicy(path).then((policy) => {
      agent.usePolicy(policy);
      log.info(`policy read again from ${path}; publicPool and dnsUpstreams hold from the next start`);
    }).catch((error: unknown) => log.error(`the policy stays as it was: ${toWireError(error).publicMessage}`));
  });
}
