import type { AgentLink } from "./agent-link";
import { AuditScope } from "./audit-scope";

/**
 * Hosts to which no packet is sent before it is written down who has asked for it. An apply needs no such care: its job is a row
 * of the database, written together with its entry.
 */
export const auditedAgents = (agents: AgentLink): AgentLink => ({
  isOnline: (hostId) => agents.isOnline(hostId),
  sendApply: (hostId, job) => agents.sendApply(hostId, job),
  disconnect: (hostId, reason) => agents.disconnect(hostId, reason),
  disconnectAll: (reason) => agents.disconnectAll(reason),
  cancel: (hostId, job) => agents.cancel(hostId, job),
  plan: (hostId, job) => agents.plan(hostId, job),
  inspect: (hostId, job) => agents.inspect(hostId, job),
  ruleHits: (hostId, job) => agents.ruleHits(hostId, job),
  checks: (hostId, job) => agents.checks(hostId, job),
  probe: async (hostId, job) => {
    await begun(job.jobId);
    return agents.probe(hostId, job);
  },
  measure: async (hostId, job) => {
    await begun(job.jobId);
    return agents.measure(hostId, job);
  },
});

async function begun(jobId: string): Promise<void> {
  AuditScope.current()?.noteJob(jobId);
  await AuditScope.current()?.begin();
}
