import { release } from "node:os";
import { AppError } from "@vpclab/shared/errors/app-error";
import packageJson from "../../package.json" with { type: "json" };
import { Agent } from "../agent";
import { limit } from "../host/limit";
import { limitSentences } from "../host/limit-sentences";
import { listeningPorts } from "../host/listening-ports";
import { parseServerAddress } from "../link/server-address";
import { serveControl } from "../local/control-server";
import { LocalAuthority } from "../local/local-authority";
import { LocalService } from "../local/local-service";
import { ProgressFeed } from "../local/progress-feed";
import { loadPolicy } from "../policy/load-policy";
import { measure } from "../probes/measure";
import { inspectObject } from "./inspect-object";
import { measureFlows } from "./measure-flows";
import { probeJob } from "../reconcile/probe-job";
import { takenByOthers } from "../reconcile/taken-by-others";
import type { AgentLog } from "../report/agent-log";
import { ActivityLog } from "../report/activity-log";
import { LinkCounters } from "../report/counters";
import { HostCheckList } from "../report/host-checks";
import { createLogger } from "../report/logger";
import type { Identity } from "../state/identity";
import { readIdentity } from "../state/identity";
import { ensureLocalKey, useLocalRecord } from "../state/local-record";
import { ServerTrust } from "../state/server-trust";
import { openStateDir } from "../state/state-dir";
import { openStores } from "../state/stores";
import { lockStateDir } from "./lock";
import { dnsUpstreamsOf } from "./dns-upstreams";
import { doctor } from "./doctor";
import { followPolicy } from "./follow-policy";
import type { Machine } from "./machine";
import { openMachine } from "./machine";
import { commandsOf } from "./machine-commands";
import { publicPoolOf } from "./public-pool";
import { noteNetnsMount, removeNetnsMount } from "./netns-mount";
import type { Options } from "./options";

const PROBES_AT_ONCE = 4;
/** The thread is busy with one: what waits elsewhere has its turn before the next. */
const MEASUREMENTS_AT_ONCE = 1;
/** Each starts a few programs, one after the other. */
const INSPECTIONS_AT_ONCE = 2;
/** Less than what a supervisor waits before it uses force. */
const SHUTDOWN_MAX_MS = 25_000;

/** Obeys the server until a signal comes. Answers with the exit code. */
export async function run(options: Options, signal: Promise<string>): Promise<number> {
  const stateDir = await openStateDir(options.stateDir);
  const lock = await lockStateDir(stateDir);
  const identity = await enrolled(stateDir).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  const policy = await loadPolicy(options.policy);
  const publicPool = publicPoolOf(policy, options.mode);
  const stores = await openStores(stateDir, publicPool);
  const log = createLogger(stateDir);
  const machine = await openMachine({ ...options, perInstance: policy.rules.perInstance }, identity.agentId, log);
  await noteNetnsMount(stateDir);
  await machine.sandbox?.ensure();
  const localKey = await ensureLocalKey(stateDir);
  await useLocalRecord(stateDir, { mode: options.mode, uplink: options.uplink, inUse: false });
  const activity = new ActivityLog({ stateDir, commandOf: commandsOf(machine) });
  const feed = new ProgressFeed();
  const facts = { mode: machine.mode, kernel: release(), version: packageJson.version, publicPool: publicPool !== null };
  const probing = limit(PROBES_AT_ONCE);
  const measuring = limit(MEASUREMENTS_AT_ONCE);
  const inspecting = limit(INSPECTIONS_AT_ONCE);
  const agent = new Agent({
    trust: new ServerTrust(stateDir, identity), stores, policy, log,
    kernel: machine.kernel, uplink: machine.uplink, firewall: machine.firewall, leftovers: machine.leftovers, hostNetns: machine.hostNetns,
    dnsUpstreams: dnsUpstreamsOf(policy, machine.mode),
    localKey, tellLocal: (message) => feed.tell(message), record: (action) => activity.record(action),
    surroundings: async () => machine.sandbox?.ensure(),
    ...(machine.sandbox ? {} : { portsInUse: () => listeningPorts() }),
    facts,
    checks: new HostCheckList(() => doctor({ mode: machine.mode })),
    socketUrl: parseServerAddress(options.url ?? identity.url).socketUrl,
    counters: new LinkCounters(machine.sockets),
    probe: (job, deployments) => probing(() => probeJob(job, {
      applied: deployments.applied(job.topologyId), publicPool: publicPool !== null, internet: machine.internet, takenByOthers: takenByOthers(deployments, job.topologyId), measure: (request) => measure(machine, request),
    })),
    inspect: (job, deployments) => inspecting(() => inspectObject(job, deployments, machine)),
    measure: (job, deployments) => measuring(() => measureFlows(job, deployments, { publicPool: publicPool !== null, internet: machine.internet })),
  });
  log.info(`agent ${identity.agentId} ${packageJson.version}, ${machine.mode} mode, policy: ${policy.source}`);
  for (const sentence of limitSentences(machine.cgroups.found)) log.info(sentence);
  if (options.policy !== null) followPolicy(options.policy, agent, log);
  await agent.start();
  const service = new LocalService({
    engine: agent.engine, feed, authority: new LocalAuthority(agent.engine, { agentId: identity.agentId, key: localKey }), activity: (last) => activity.last(last), record: (action) => void activity.record(action),
    rotateKey: () => agent.rotateKey(),
    facts: { ...facts, agentId: identity.agentId, uplink: machine.uplink, hostNetns: machine.hostNetns, stateDir, server: identity.url, daemon: true },
  });
  const control = await serveControl(stateDir, service.ask, log);
  const name = await signal;
  log.info(`${name}: stopping`);
  await control.close();
  const clean = await withinTime(shutDown(agent, machine, stateDir, log), log);
  log.info(clean ? "stopped" : "stopped; run `vpclab-agent purge` to remove what is left");
  await lock.release();
  return clean ? 0 : 1;
}

async function enrolled(stateDir: string): Promise<Identity> {
  const identity = await readIdentity(stateDir);
  if (!identity) throw new AppError("UNAUTHENTICATED", `This host is not enrolled (${stateDir}); run: vpclab-agent enrol --state ${stateDir} --url URL < token`);
  return identity;
}

/** A sandbox goes with its agent, and comes back at the next start; on a real host networks and workloads outlive the agent. */
async function shutDown(agent: Agent, machine: Machine, stateDir: string, log: AgentLog): Promise<boolean> {
  await agent.stop();
  if (!machine.sandbox) {
    log.info("networks and workloads of this host stay as they are");
    return true;
  }
  const { left } = await agent.deployments.takeDown();
  await machine.sandbox.remove();
  await removeNetnsMount(stateDir, machine.runner);
  log.info("sandbox removed");
  return left === 0;
}

async function withinTime(work: Promise<boolean>, log: AgentLog): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      log.error(`not done within ${SHUTDOWN_MAX_MS / 1000} s`);
      resolve(false);
    }, SHUTDOWN_MAX_MS);
  });
  try {
    return await Promise.race([work.catch((error: unknown) => (log.error("could not remove everything", { error }), false)), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
