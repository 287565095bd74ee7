import { release } from "node:os";
import type { Step } from "@vpclab/shared/plan/step";
import type { LocalAgent, LocalAgentOptions, LocalFacts } from "@vpclab/shared/wire/local-agent";
import packageJson from "../../package.json" with { type: "json" };
import { Engine } from "../engine";
import type { FileLock } from "../host/lock-file";
import { listeningPorts } from "../host/listening-ports";
import { listNetnsNames } from "../host/netns";
import { LocalAuthority } from "../local/local-authority";
import { LocalService } from "../local/local-service";
import { ProgressFeed } from "../local/progress-feed";
import { trustedKeys } from "../link/verify-stored";
import { loadPolicy } from "../policy/load-policy";
import { measure } from "../probes/measure";
import { inspectObject } from "./inspect-object";
import { measureFlows } from "./measure-flows";
import { probeJob } from "../reconcile/probe-job";
import { takenByOthers } from "../reconcile/taken-by-others";
import { ActivityLog } from "../report/activity-log";
import { SILENT_LOG } from "../report/agent-log";
import { LinkCounters } from "../report/counters";
import { readIdentity } from "../state/identity";
import { SANDBOX_NAMESPACES } from "../sandbox/sandbox-state";
import { JobStore } from "../state/job-store";
import { ensureLocalKey, useLocalRecord } from "../state/local-record";
import { openStores } from "../state/stores";
import { holdSignals } from "./hold-signals";
import { dnsUpstreamsOf } from "./dns-upstreams";
import type { Machine } from "./machine";
import { openMachine } from "./machine";
import { commandsOf } from "./machine-commands";
import { noteNetnsMount, removeNetnsMount } from "./netns-mount";
import { publicPoolOf } from "./public-pool";

/**
 * The agent in the caller's own process, without a connection to a server: what is stored is taken up as it is, the kernel is
 * touched only for what is asked, and everything stays when the process ends. The caller has the directory's lock, which goes
 * with the answer.
 */
export async function openInProcess(stateDir: string, options: LocalAgentOptions, lock: FileLock): Promise<LocalAgent> {
  const identity = await readIdentity(stateDir);
  const inUse = (await new JobStore(stateDir).ids()).length > 0;
  const record = await useLocalRecord(stateDir, { mode: options.mode, uplink: options.uplink, inUse });
  const key = await ensureLocalKey(stateDir);
  const policy = await loadPolicy(options.policy);
  const publicPool = publicPoolOf(policy, record.mode);
  const stores = await openStores(stateDir, publicPool);
  const agentId = identity?.agentId ?? record.agentId;
  const machine = await openMachine({ mode: record.mode, uplink: record.uplink, internetTarget: null, perInstance: policy.rules.perInstance }, agentId, SILENT_LOG);
  const activity = new ActivityLog({ stateDir, commandOf: commandsOf(machine) });
  const feed = new ProgressFeed();
  const engine = new Engine({
    agentId, keys: () => trustedKeys(identity, key), stores, policy, log: SILENT_LOG,
    kernel: machine.kernel, uplink: machine.uplink, firewall: machine.firewall, leftovers: machine.leftovers, hostNetns: machine.hostNetns,
    dnsUpstreams: dnsUpstreamsOf(policy, record.mode),
    prepare: () => prepare(machine, stateDir),
    ...(machine.sandbox ? {} : { portsInUse: () => listeningPorts() }),
    counters: new LinkCounters(machine.sockets),
    tell: (message) => feed.tell(message),
    record: (action) => void activity.record(action),
    probe: async (job, deployments) => {
      await prepare(machine, stateDir);
      return probeJob(job, {
        applied: deployments.applied(job.topologyId), publicPool: publicPool !== null, internet: machine.internet, takenByOthers: takenByOthers(deployments, job.topologyId), measure: (request) => measure(machine, request),
      });
    },
    inspect: (job, deployments) => inspectObject(job, deployments, machine),
    measure: async (job, deployments) => {
      await prepare(machine, stateDir);
      return measureFlows(job, deployments, { publicPool: publicPool !== null, internet: machine.internet });
    },
  });
  await engine.takeUp();
  const facts: LocalFacts = {
    agentId, version: packageJson.version, mode: record.mode, kernel: release(), publicPool: publicPool !== null, uplink: machine.uplink,
    hostNetns: machine.hostNetns, stateDir, server: identity?.url ?? null, daemon: false,
  };
  const service = new LocalService({ facts, engine, feed, authority: new LocalAuthority(engine, { agentId, key }), activity: (last) => activity.last(last), record: (action) => void activity.record(action) });
  return {
    ask: (method, params, onProgress) => holdSignals(async () => {
      const answer = await service.ask(method, params, onProgress);
      if (method === "apply") await tidyUp(engine, machine, stateDir);
      return answer;
    }),
    async close() {
      // One that was killed between its last topology and its sandbox has left the sandbox to us. Somebody else's stays, whatever it is called.
      const names = listNetnsNames();
      if (SANDBOX_NAMESPACES.some((name) => names.includes(name))) await tidyUp(engine, machine, stateDir).catch(() => undefined);
      await engine.stop();
      activity.close();
      await lock.release();
    },
  };
}

/** A sandbox is made when something needs it. */
async function prepare({ sandbox }: Machine, stateDir: string): Promise<readonly Step[]> {
  if (!sandbox) return [];
  await noteNetnsMount(stateDir);
  return sandbox.ensure();
}

/** It goes with the last topology: then nothing of ours is left on this machine. */
async function tidyUp({ deployments }: Engine, { sandbox, runner }: Machine, stateDir: string): Promise<void> {
  if (!deployments.empty) return;
  await sandbox?.remove();
  await removeNetnsMount(stateDir, runner);
}
