import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { PurgeOptions } from "@vpclab/shared/wire/local-agent";
import { listNetnsNames } from "../host/netns";
import { claimedAuthority } from "../link/verify-stored";
import { ActivityLog } from "../report/activity-log";
import { SILENT_LOG } from "../report/agent-log";
import { SANDBOX_HOST_NETNS } from "../sandbox/sandbox-state";
import type { Identity } from "../state/identity";
import { readIdentity } from "../state/identity";
import { JobStore } from "../state/job-store";
import type { LocalRecord } from "../state/local-record";
import { ensureLocalKey, readLocalRecord, removeLocalKey, removeLocalRecord } from "../state/local-record";
import { NamespaceLedger } from "../state/namespace-ledger";
import { SlotStore } from "../state/slot-store";
import { openStateDir } from "../state/state-dir";
import { lockStateDir } from "./lock";
import { openMachine } from "./machine";
import { agentsOnThisHost, purgeAgent } from "./purge-namespaces";

/** What an agent without a server remembers of what it made. */
const REMEMBERED = ["fence.json", "slots.json", "public-addresses.json", "namespaces.json", "host.json"];

/** What an uplink's forwarding was before is lost with the state, so any interface does. */
const UPLINK_OF_A_LOST_STATE = "lo";

/** By what ids this state directory's agent goes; none where it was never used, is lost or says nothing that can be read. */
export async function agentIdsOf(stateDir: string): Promise<readonly string[]> {
  const [identity, record] = await whoseIs(stateDir);
  return [...new Set([identity, record].flatMap((who) => (who ? [who.agentId] : [])))];
}

const whoseIs = (stateDir: string): Promise<[Identity | null, LocalRecord | null]> =>
  Promise.all([readIdentity(stateDir).catch(() => null), readLocalRecord(stateDir).catch(() => null)]);

/**
 * Removes what this state directory's agent made, and forgets the topologies that were made on this host; an enrolment and
 * what a server asked for stay. With `all`, and where the directory says nothing about who its agent is, whatever any vpclab
 * agent made goes. Answers with what was removed, a line each. Throws AppError.
 */
export async function purgeHost({ stateDir: path, mode, uplink, all }: PurgeOptions): Promise<readonly string[]> {
  if (process.geteuid?.() !== 0) throw new AppError("PRIVILEGE", "Removing networks of this machine needs root; run it as: sudo vpcctl …");
  const startedAt = performance.now();
  const stateDir = await openStateDir(path);
  const lock = await lockStateDir(stateDir);
  try {
    const [identity, record] = await whoseIs(stateDir);
    const known = await agentIdsOf(stateDir);
    const lost = known.length === 0 ? UPLINK_OF_A_LOST_STATE : null;
    const options = { mode: mode ?? record?.mode ?? standingMode(), uplink: uplink ?? record?.uplink ?? lost, internetTarget: null };
    const marked = all || known.length === 0 ? await agentsOnThisHost(await openMachine(options, "nobody", SILENT_LOG)) : [];
    const agents = [...new Set([...known, ...marked])];
    const lines: string[] = [];
    for (const agentId of agents) {
      const removed = await purgeAgent(await openMachine(options, agentId, SILENT_LOG), agentId, stateDir);
      lines.push(...removed.map((name) => `network namespace ${name}`));
    }
    lines.push(...(await forget(stateDir, identity)).map((id) => `topology ${id}`));
    note(stateDir, lines, startedAt);
    return lines;
  } finally {
    await lock.release();
  }
}

/** Where no state says it, what stands here does: a sandbox has a namespace that plays the host. */
const standingMode = (): "sandbox" | "host" => (listNetnsNames().includes(SANDBOX_HOST_NETNS) ? "sandbox" : "host");

/** Forgets the topologies of this host's own. Answers with their ids. */
async function forget(stateDir: string, identity: Identity | null): Promise<string[]> {
  const jobs = new JobStore(stateDir);
  // With a damaged key nothing can be told apart by who signed it, and a new one is made at the next use.
  const local = await ensureLocalKey(stateDir).catch(() => removeLocalKey(stateDir));
  const stored = await jobs.readAll();
  const mine = stored.filter(({ envelope }) => identity === null || (envelope !== null && local !== null && claimedAuthority(envelope, { local }) === "local"));
  for (const { topologyId } of mine) await jobs.remove(topologyId);
  if (identity === null) await forgetEverything(stateDir);
  else await forgetNamespaces(stateDir, mine.map(({ topologyId }) => topologyId));
  await removeLocalRecord(stateDir);
  return mine.map(({ topologyId }) => topologyId);
}

async function forgetEverything(stateDir: string): Promise<void> {
  for (const name of REMEMBERED) for (const copy of [name, `${name}.mirror`]) await rm(join(stateDir, copy), { force: true });
}

async function forgetNamespaces(stateDir: string, topologyIds: readonly string[]): Promise<void> {
  const ledger = await NamespaceLedger.open(stateDir);
  const slots = await SlotStore.open(stateDir);
  for (const topologyId of topologyIds) {
    await ledger.remove(topologyId, ledger.namespacesOf(topologyId));
    await slots.keepOnly(topologyId, []);
  }
}

function note(stateDir: string, lines: readonly string[], startedAt: number): void {
  const log = new ActivityLog({ stateDir, commandOf: () => "" });
  log.record({
    actor: "root", action: "purge", topologyId: null, topologyName: null, revision: null, text: lines.length === 0 ? "nothing was there" : `removed ${lines.join(", ")}`,
    outcome: "done", reason: null, seconds: Math.round(performance.now() - startedAt) / 1000, steps: [],
  });
  log.close();
}
