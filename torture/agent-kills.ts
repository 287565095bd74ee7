import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Topology } from "@vpclab/shared/topology/topology";
import { enrolledStateDir } from "../apps/agent/test/link/agent-fixture";
import { FakeServer } from "../apps/agent/test/link/fake-server";
import { applyJob } from "../apps/agent/test/link/job-fixture";
import type { Fingerprint } from "../prove/fingerprint";
import { fingerprintDifferences } from "../prove/fingerprint";
import type { Random } from "../prove/random";
import type { Documents } from "./scenario";

export interface AgentKills {
  readonly kills: number;
  readonly converged: number;
  readonly problems: readonly string[];
  readonly leaks: readonly string[];
}

const AGENT = resolve(import.meta.dirname, "../apps/agent");
const START_MAX_MS = 30_000;
/** About as long as the agent takes from its start to the end of an apply. */
const LIFE_MAX_MS = 900;

/**
 * The agent as people run it, connected to a server that sends it jobs, killed at random times of its start and work: after
 * each kill it is started again, and in the end it must be where it was told to be, and leave nothing.
 */
export async function killAgents(count: number, { first, second }: Documents, random: Random, look: () => Fingerprint): Promise<AgentKills> {
  if (count === 0) return { kills: 0, converged: 0, problems: [], leaks: [] };
  const before = look();
  const bundle = mkdtempSync(join(tmpdir(), "torture-agent-"));
  execFileSync(process.execPath, ["build.mjs", bundle], { cwd: AGENT, stdio: ["ignore", "ignore", "inherit"] });
  const home = await enrolledStateDir();
  const server = await FakeServer.listen(() => home.identity.agentKey, {}, join(home.stateDir, "..", "server.sock"));
  const problems: string[] = [];
  let generation = 0;
  let converged = 0;

  const start = (): ChildProcess => spawn(process.execPath, [join(bundle, "agent.mjs"), "run", "--url", server.url, "--state", home.stateDir], { stdio: ["ignore", "ignore", "ignore"] });
  const end = (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => new Promise((done) => {
    child.once("exit", (code) => done(code));
    child.kill(signal);
  });
  /** What the killed one had still said is heard; an inventory of it that came late would be taken for one of the next life. */
  const strike = async (child: ChildProcess): Promise<void> => {
    await end(child, "SIGKILL");
    await server.until(() => server.closeCodes.length === server.connections, START_MAX_MS);
  };
  const connected = (since: number): Promise<void> => server.until(() => server.ofType("inventory").length > since, START_MAX_MS);
  const send = (desired: Topology | null): string => {
    generation += 1;
    const jobId = `job-${generation}`;
    server.sendJob((common) => ({ ...applyJob({ desired, jobId, generation }), ...common }));
    return jobId;
  };
  const state = async (jobId: string): Promise<string> => {
    await server.until(() => server.ofType("job-done").some((done) => done.jobId === jobId), START_MAX_MS);
    return server.ofType("job-done").find((done) => done.jobId === jobId)?.deployment.state ?? "none";
  };

  try {
    for (let kill = 0; kill < count; kill += 1) {
      const since = server.ofType("inventory").length;
      const doomed = start();
      // Half of them die while they start, the others while they work.
      if (random.chance(0.5)) {
        await connected(since);
        send(random.pick([first, second, null]));
      }
      await delay(random.below(LIFE_MAX_MS));
      await strike(doomed);
      const again = server.ofType("inventory").length;
      const child = start();
      await connected(again);
      const document = random.pick([first, second]);
      const reached = await state(send(document));
      if (reached === "in-place") converged += 1;
      else problems.push(`kill ${kill + 1}: ${reached} afterwards`);
      // The next life begins with what this one leaves, killed as well.
      await strike(child);
    }
    const since = server.ofType("inventory").length;
    const last = start();
    await connected(since);
    const emptied = await state(send(null));
    if (emptied !== "empty") problems.push(`the last tear-down: ${emptied}`);
    const code = await end(last, "SIGTERM");
    if (code !== 0) problems.push(`the last stop: exit code ${code}`);
  } finally {
    await server.close();
    await home.remove();
    rmSync(bundle, { recursive: true, force: true });
  }
  return { kills: count, converged, problems, leaks: fingerprintDifferences(before, look()) };
}
