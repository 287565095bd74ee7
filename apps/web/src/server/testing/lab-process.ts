import pino from "pino";
import { readConfig } from "../../env";
import { mintSignIn } from "../mint-sign-in";
import { controlSocketPath, startServer } from "../start-server";
import { enrol, FakeAgent } from "./fake-agent";

// A server with a host, as a process of its own: <migrations directory>. Says where it is, then does what it is told.
const config = readConfig();
const running = await startServer({
  config, migrationsDirectory: process.argv[2] ?? "", log: pino({ level: "silent" }), onFatal: (error) => { throw error; },
  openPages: async () => ({ handle: (_, response) => void response.end("page"), upgrade: null, close: async () => {} }),
});
const origin = `http://127.0.0.1:${running.port}`;
const agent = new FakeAgent(await enrol(origin, running.ready.joinToken ?? ""));
const connect = () => agent.connect(`${origin.replace("http", "ws")}/agent`);

/** What tests ask for by name. */
const TRICKS: Record<string, () => void | Promise<void>> = {
  online: connect,
  offline: () => agent.cut(),
  /** Applies without a fault, and tells of it as a real agent does. */
  honest: () => void (agent.onJob = (job) => {
    agent.carryOut(job);
    if (job.kind !== "apply") return;
    agent.send({
      type: "activity",
      entry: {
        id: job.jobId, at: Date.now(), actor: job.actor.name, action: job.desired ? "apply" : "remove", topologyId: job.topologyId, topologyName: job.topologyName,
        revision: job.revision, text: "VPC “prod” added", outcome: "done", reason: null, seconds: 0.1, commands: ["ip netns add prod"], commandsLeftOut: 0,
      },
    });
  }),
  /** Accepts an apply and gets no further, until it is cancelled. */
  "hold up": () => void (agent.onJob = (job) => agent.holdUp(job)),
  /** Accepts an apply and is gone. */
  "cut at an apply": () => void (agent.onJob = (job) => (job.kind === "apply" ? agent.cut() : agent.carryOut(job))),
  refuse: () => void (agent.onJob = (job) => agent.send({ type: "job-refused", jobId: job.jobId, failure: { code: "POLICY_CIDR", message: "10.9.0.0/16 is not allowed on this host." } })),
  fail: () => void (agent.onJob = (job) => {
    if (job.kind !== "apply") return agent.carryOut(job);
    agent.send({ type: "job-accepted", jobId: job.jobId });
    const deployment = agent.apply(job);
    const objects = Object.fromEntries(Object.keys(deployment.objects).map((id) => [id, { state: "failed", reason: "RTNETLINK answers: File exists" } as const]));
    agent.send({ type: "objects", topologyId: job.topologyId, objects });
    agent.send({ type: "job-done", jobId: job.jobId, topologyId: job.topologyId, deployment: { ...deployment, state: "failed", objects } });
  }),
  count: () => agent.send({ type: "counters", at: Date.now(), topologies: Object.fromEntries([...agent.deployments].map(([id]) => [id, {}])) }),
};

await TRICKS.honest?.();
await connect();
process.on("message", (name: string) => void Promise.resolve(TRICKS[name]?.()).then(() => process.send?.({ done: name })));
process.on("disconnect", () => void running.close().then(() => process.exit(0)));
process.send?.({ origin, controlSocket: controlSocketPath(config.dataDirectory), signIn: await mintSignIn(controlSocketPath(config.dataDirectory)) });
