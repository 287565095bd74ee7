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
  plan: (hostId, job) => agents.plan(hostId, job),
  checks: (hostId, job) => agents.checks(hostId, job),
  probe: async (hostId, job) => {
    AuditScope.current()?.noteJob(job.jobId);
    await AuditScope.current()?.begin();
    return agents.probe(hostId, job);
  },
});
