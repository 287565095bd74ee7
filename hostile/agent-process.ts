import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { AgentMessage } from "@vpclab/shared/wire/messages";
import type { SigningKey } from "../apps/agent/src/link/ed25519";
import { enrolledStateDir } from "../apps/agent/test/link/agent-fixture";
import { FakeServer } from "../apps/agent/test/link/fake-server";
import type { HostileJobs } from "./hostile-jobs";
import type { Tally } from "./tally";

const AGENT = resolve(import.meta.dirname, "../apps/agent");
const ANSWER_MS_MAX = 60_000;
/** SECURITY M4. */
const RSS_BYTES_MAX = 300_000_000;
const DUE = /^sequence number \d+, (\d+) was due$/;

export interface AgentProcessAttack {
  readonly jobs: HostileJobs;
  readonly count: number;
  readonly key: SigningKey;
  readonly tally: Tally;
  /** For the bundle, the state and the socket. */
  readonly folder: string;
}

/**
 * Sends hostile jobs to the agent as it is shipped, a process on the real kernel that is connected to this server, and measures its memory without
 * that of this tool. Frames that are no jobs are left out: they end the connection. Answers with a line about it.
 */
export async function attackAgentProcess({ jobs, count, key, tally, folder }: AgentProcessAttack): Promise<string> {
  const bundle = join(folder, "agent");
  execFileSync(process.execPath, ["build.mjs", bundle], { cwd: AGENT });
  const home = await enrolledStateDir(key, folder);
  const server = await FakeServer.listen(() => home.identity.agentKey, { key }, join(folder, "server.sock"));
  const agent = spawn(process.execPath, [join(bundle, "agent.mjs"), "run", "--state", home.stateDir, "--url", server.url], { stdio: "ignore" });
  const ended = new Promise<string>((done) => agent.once("exit", (code, signal) => done(signal ?? String(code))));
  let ending: string | null = null;
  void ended.then((how) => (ending = how));
  await server.until(() => server.ofType("inventory").length > 0, ANSWER_MS_MAX);
  const { sent, accepted } = await shoot({ jobs, count, agentId: home.identity.agentId, server, agent, tally });
  const peak = peakRss(agent);
  if (ending !== null) tally.fault("crashes", `the agent's process ended by itself: ${String(ending)}`);
  agent.kill("SIGTERM");
  const how = await ended;
  if (how !== "0") tally.fault("crashes", `the agent's process ended with ${how}`);
  if (peak === 0 || peak > RSS_BYTES_MAX) tally.fault("crashes", `${peak} bytes of memory of the agent's process; ${RSS_BYTES_MAX} are allowed`);
  await server.close();
  await home.remove();
  return `agent process: ${sent} jobs, ${accepted} accepted, ${Math.round(peak / 1e6)} MB of memory at most (${RSS_BYTES_MAX / 1e6} are allowed)`;
}

interface Shooting {
  readonly jobs: HostileJobs;
  readonly count: number;
  readonly agentId: string;
  readonly server: FakeServer;
  readonly agent: ChildProcess;
  readonly tally: Tally;
}

/** One job after the other, each when the one before is answered, not when it is done. */
async function shoot({ jobs, count, agentId, server, agent, tally }: Shooting): Promise<{ sent: number; accepted: number }> {
  const framesOf = new Map<string | null, Set<string>>();
  let lastSeq = 0;
  let sent = 0;
  for (let number = 0; number < count && agent.exitCode === null; number += 1) {
    const { what, frame } = jobs.next({ agentId, session: server.session, lastSeq, topologies: [] });
    if (what === "no job") continue;
    const [text, jobId, before] = [frame.toString(), jobIdOf(frame), server.messages.length];
    framesOf.set(jobId, (framesOf.get(jobId) ?? new Set()).add(text));
    // A job that was accepted and then fails is answered twice: the second answer is not the next job's.
    const answer = (): AgentMessage | undefined => server.messages.slice(before).find((message) => message.type === "job-accepted" ? message.jobId === jobId : message.type === "job-refused" && (message.jobId ?? jobId) === jobId);
    server.send(text);
    sent += 1;
    await server.until(() => answer() !== undefined || agent.exitCode !== null, ANSWER_MS_MAX);
    const answered = answer();
    const due = answered?.type === "job-refused" ? DUE.exec(answered.failure.message)?.[1] : undefined;
    // A refusal counts where the job's head was right; where it did not, the agent says so at the next job.
    lastSeq = due === undefined || what === "replay" ? lastSeq + (what === "replay" ? 0 : 1) : Number(due) - 1;
  }
  const accepted = server.ofType("job-accepted");
  for (const [jobId, frames] of framesOf) {
    const runs = accepted.filter((message) => message.jobId === jobId).length;
    if (runs > frames.size) tally.fault("replays that ran", `${jobId}: ${runs} times, of ${frames.size} signed`);
  }
  for (const { failure } of server.ofType("job-refused")) if (failure.code === "INTERNAL") tally.fault("crashes", `agent process: ${failure.message}`);
  return { sent, accepted: accepted.length };
}

/** As an agent would read it; null where none could. */
function jobIdOf(frame: Buffer): string | null {
  try {
    const { envelope } = JSON.parse(frame.toString()) as { envelope: { payload: string } };
    const { jobId } = JSON.parse(Buffer.from(envelope.payload, "base64").toString()) as { jobId?: unknown };
    return typeof jobId === "string" ? jobId : null;
  } catch {
    return null;
  }
}

/** proc_pid_status(5); 0 when there is no such process any more. */
function peakRss({ pid }: ChildProcess): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
