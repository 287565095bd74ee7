import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { createClient } from "../../trpc/client";
import type { Ready } from "../start-server";
import { enrol, FakeAgent } from "./fake-agent";
import { until } from "./until";

/** What the host has done of a job when the server is killed. */
export const KILL_MOMENTS = ["it has the job", "it has accepted the job", "it has applied the job", "it has said that the job is done", "it probes"] as const;

export interface ServerKillsOptions {
  readonly dataDirectory: string;
  readonly migrationsDirectory: string;
  readonly kills: number;
  readonly signIn: (ready: Ready) => Promise<ReturnType<typeof createClient>>;
}

export interface ServerKillsEnd {
  readonly kills: number;
  /** Rounds whose desired state was not in place in the end. */
  readonly lost: number;
  /** Probes that came to the host once more than they were asked for. */
  readonly doubleProbes: number;
}

const BACK_MAX_MS = 60_000;

/** The server as a process, killed with SIGKILL while a job is with the host, and started again: what was asked for comes about, once. */
export async function killServers({ dataDirectory, migrationsDirectory, kills, signIn }: ServerKillsOptions): Promise<ServerKillsEnd> {
  let child: ChildProcess | null = null;
  const start = async (): Promise<Ready> => {
    child = fork(join(import.meta.dirname, "server-process.ts"), [migrationsDirectory], {
      execArgv: ["--import", "tsx"], cwd: join(import.meta.dirname, "../../.."),
      env: { NODE_ENV: "test", PATH: process.env.PATH, DATA_DIR: dataDirectory, PORT: "0", VPCLAB_LOCAL_AGENT: "1", PUBLIC_URL: "" },
    });
    return ((await once(child, "message")) as [Ready])[0];
  };
  const kill = (): void => void child?.kill("SIGKILL");
  let ready = await start();
  const agent = new FakeAgent(await enrol(ready.url, ready.joinToken ?? ""));
  const connect = () => agent.connect(`${ready.url.replace("http", "ws")}/agent`);
  let lost = 0;
  let probes = 0;
  let id = "";
  // A link signs in once, so each start of the server has one session.
  let session = await signIn(ready);
  try {
    await connect();
    for (let round = 0; round < kills; round += 1) {
      const moment = KILL_MOMENTS[round % KILL_MOMENTS.length];
      const { client, close } = session;
      if (round === 0) ({ id } = await client.topology.create.mutate({ name: "killed", template: "two-vpc" }));
      const { document } = await client.topology.get.query({ id });
      const [source, destination] = document.instances.map((instance) => ({ instanceId: instance.id }));
      const ended = once(child as unknown as ChildProcess, "exit");
      agent.onJob = (job) => {
        if (moment === "it has accepted the job") agent.send({ type: "job-accepted", jobId: job.jobId });
        if (moment === "it has applied the job" && job.kind === "apply") agent.apply(job);
        if (moment === "it has said that the job is done") agent.carryOut(job);
        kill();
      };
      let generation = agent.deployments.get(id)?.generation ?? 0;
      if (moment === "it probes" && source && destination) {
        probes += 1;
        await client.probe.run.mutate({ id, source, destination, kind: "ping", port: null }).catch(() => null);
      } else {
        // The answer may go down with the server; the host has the number.
        await client.deployment.applyNewest.mutate({ id }).catch(() => null);
        await until(() => agent.jobs.some((job) => job.kind === "apply" && job.generation > generation));
        generation += 1;
      }
      await ended;
      void close();
      agent.onJob = (job) => agent.carryOut(job);
      ready = await start();
      await connect();
      session = await signIn(ready);
      const inPlace = async (): Promise<boolean> => (await session.client.topology.list.query())[0]?.deployment.state === "in-place" && agent.deployments.get(id)?.generation === generation;
      await until(inPlace, BACK_MAX_MS).catch(() => (lost += 1));
    }
  } finally {
    void session.close();
    agent.cut();
    kill();
  }
  return { kills, lost, doubleProbes: agent.jobs.filter((job) => job.kind === "probe").length - probes };
}
