import type { AuditHead } from "@vpclab/shared/wire/audit";
import type { AuditWitness } from "@vpclab/shared/wire/audit-api";
import type { AuditFault } from "@vpclab/shared/wire/audit-chain";
import { auditHashAt, readAuditHead } from "../store/audit-store";
import { findWitness, listWitnessRows, saveWitness } from "../store/audit-witness-store";
import type { Tables } from "../store/database";
import { listHosts } from "../store/host-store";
import type { KeptHead } from "./verify-audit";

async function namesOf(tables: Tables): Promise<ReadonlyMap<string, string>> {
  return new Map((await listHosts(tables)).map(({ id, name }) => [id, name]));
}

/** Heads that the agents of hosts have told of. */
export async function keptHeads(tables: Tables): Promise<KeptHead[]> {
  const names = await namesOf(tables);
  return (await listWitnessRows(tables)).flatMap(({ hostId, heads }) =>
    heads.map(({ sequence, hash }) => ({ sequence, hash, by: `the agent of ${names.get(hostId) ?? hostId}` })));
}

export async function listWitnesses(tables: Tables): Promise<AuditWitness[]> {
  const names = await namesOf(tables);
  return (await listWitnessRows(tables)).map(({ hostId, heads, seenAt, fault }) => ({
    host: names.get(hostId) ?? hostId, head: heads.at(-1) ?? null, seenAt: seenAt.getTime(), fault,
  }));
}

/** Keeps what an agent tells of the chain. Answers with what of it this server's chain contradicts, if it was not told before. */
export async function hearWitness(tables: Tables, hostId: string, heads: readonly AuditHead[]): Promise<AuditFault | null> {
  if (heads.length === 0) return null;
  const found = await contradicted(tables, heads);
  const before = await findWitness(tables, hostId);
  await saveWitness(tables, { hostId, heads, seenAt: new Date(), fault: found && found.fault });
  const known = before?.fault && found && before.heads.some(({ sequence, hash }) => sequence === found.head.sequence && hash === found.head.hash);
  return found && !known ? found.fault : null;
}

async function contradicted(tables: Tables, heads: readonly AuditHead[]): Promise<{ head: AuditHead; fault: AuditFault } | null> {
  const end = (await readAuditHead(tables))?.sequence ?? 0;
  for (const head of heads) {
    const { sequence, hash } = head;
    if (sequence > end) return { head, fault: { sequence: end + 1, reason: `it has seen entry ${sequence}, and the log ends with ${end}: later entries were removed` } };
    if (sequence > 0 && (await auditHashAt(tables, sequence)) !== hash) {
      return { head, fault: { sequence, reason: `entry ${sequence} is not the one that it has seen: the log was written anew from there or before` } };
    }
  }
  return null;
}
