// First: what is imported after it is watched.
import { watchEffects } from "./watch-effects";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { cidrFrom } from "@vpclab/shared/net/cidr";
import { readIdMaps } from "../apps/agent/src/host/id-maps";
import { generateSigningKey } from "../apps/agent/src/link/ed25519";
import { PolicySchema, type Policy } from "../apps/agent/src/policy/policy";
import { SANDBOX_HOST_NETNS } from "../apps/agent/src/sandbox/sandbox-state";
import { fingerprint, fingerprintDifferences } from "../prove/fingerprint";
import { makeForeignThings } from "../prove/foreign";
import { openMachine } from "../prove/machine";
import { optionsOrExit } from "../prove/options";
import { Random } from "../prove/random";
import { attackAgentProcess } from "./agent-process";
import { attack } from "./attack";
import { HostileJobs } from "./hostile-jobs";
import { MemoryHost } from "./memory-host";
import { parseHostileOptions } from "./options";
import { mutateFrames } from "./mutations";
import { bundlePrograms } from "./programs";
import { judgeArgv, recordedKernel } from "./recorded-kernel";
import { Tally, verdictLine } from "./tally";
import { Target } from "./target";

// Runs inside namespaces of its own (see scripts/hostile.mjs): nothing here can reach the machine's network.
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const PUBLIC_POOL = cidrFrom("198.51.100.128/25");
/** A host's policy with room for little, so that its limits are met. */
const POLICY: Policy = { rules: PolicySchema.parse({ max: { topologies: 6, vpcs: 20, instances: 60 } }), source: "a test's policy" };
/** The agent with everything that this tool itself keeps. */
const RSS_BYTES_MAX = 512 * 1024 * 1024;
const LOOK_EVERY = 1_000;
const LOOK_EVERY_ON_KERNEL = 100;

const options = optionsOrExit(parseHostileOptions);
const random = new Random(options.seed);
const key = generateSigningKey();
const tally = new Tally();
process.on("unhandledRejection", (error) => tally.fault("crashes", `unhandled: ${error instanceof Error ? error.stack ?? error.message : String(error)}`));
process.on("uncaughtException", (error) => tally.fault("crashes", `uncaught: ${error.stack ?? error.message}`));
// An error of this tool itself ends the work without ending the process.
process.exitCode = 1;
process.on("beforeExit", () => {
  for (const example of tally.examples) say(example);
  say("ended before the last job");
});
let rssBytes = 0;
const started = performance.now();
const progress = (done: number): void => {
  rssBytes = Math.max(rssBytes, process.memoryUsage().rss);
  if (done % 10_000 === 0) say(`${done} jobs, ${tally.faults} faults, ${Math.round(done / ((performance.now() - started) / 1000))} jobs per second`);
};
say(`seed ${options.seed}`);

const folder = mkdtempSync("/run/hostile-");
const jobs = new HostileJobs(random, key);
const common = { jobs, tally, progress };
const target = { key, policy: POLICY, publicPool: PUBLIC_POOL, tally };
const rendering = { hostNetns: SANDBOX_HOST_NETNS, idMaps: readIdMaps(), webServer: join(folder, "web-server.mjs") };

const memory = await MemoryHost.open();
const inMemory = { ...target, stateDir: join(folder, "memory"), kernel: recordedKernel(memory.kernel, tally, rendering) };
watchEffects({ tally, folders: [inMemory.stateDir] });
const outcomes = await attack({ ...common, count: options.jobs - options.kernelJobs, open: () => Target.open(inMemory), check: () => memory.check(tally), lookEvery: LOOK_EVERY });
watchEffects(null);

let onKernel: Record<string, number> = {};
if (options.kernelJobs > 0) {
  const programs = await bundlePrograms(folder);
  makeForeignThings();
  const look = () => fingerprint({ inside: (name) => name === "other-lab" || name === "vpc-of-others", folders: ["/run", "/etc"], without: (file) => file.startsWith(folder) });
  // The sandbox's own servers are no drawing's.
  let isDrawn = false;
  const machine = openMachine(programs, (_, argv) => isDrawn && judgeArgv(argv, tally));
  const before = look();
  const stateDir = join(folder, "kernel");
  await machine.sandbox.ensure();
  isDrawn = true;
  watchEffects({ tally, folders: [stateDir] });
  const real = { ...target, stateDir, kernel: recordedKernel(machine.kernel, tally, rendering) };
  onKernel = await attack({ ...common, count: options.kernelJobs, open: () => Target.open(real), check: () => undefined, lookEvery: LOOK_EVERY_ON_KERNEL });
  const last = await Target.open(real);
  await last.takeDown();
  watchEffects(null);
  await machine.sandbox.remove();
  for (const difference of fingerprintDifferences(before, look())) tally.fault("foreign objects", difference);
}

let processLine = "agent process: none";
if (options.agentJobs > 0) {
  const look = () => fingerprint({ inside: () => false, folders: ["/etc/netns"], without: (file) => file.startsWith(folder) });
  const before = look();
  processLine = await attackAgentProcess({ jobs: new HostileJobs(random, key), count: options.agentJobs, key, tally, folder });
  for (const difference of fingerprintDifferences(before, look())) tally.fault("foreign objects", `after the agent's process: ${difference}`);
}

const mutations = mutateFrames(options.mutations, random, key, POLICY);
for (const frame of mutations.misread) tally.fault("crashes", `the decoder: ${frame.slice(0, 300)}`);
for (const frame of mutations.accepted) tally.fault("forged jobs accepted", frame.slice(0, 300));

say(`looked at: ${Object.entries(tally.seen).filter(([what]) => !what.includes(":")).map(([what, count]) => `${count} ${what}`).join(", ")}`);
for (const [what, count] of Object.entries(tally.seen)) if (what.startsWith("sent: ")) say(`${count} ${what}, ${tally.seen[what.replace("sent", "accepted")] ?? 0} accepted`);
for (const [where, ends] of [["in memory", outcomes], ["on the kernel", onKernel]] as const) say(`${where}: ${Object.entries(ends).sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`).join(", ")}`);
rssBytes = Math.max(rssBytes, process.memoryUsage().rss);
say(`seed ${options.seed}, ${Math.round((performance.now() - started) / 1000)} s, ${Math.round(rssBytes / 1024 / 1024)} MiB at most, ${tally.counts["foreign objects"]} foreign objects touched, ${tally.counts["replays that ran"]} replays that ran, ${mutations.tried} mutations of a signed frame: ${mutations.accepted.length} accepted, ${mutations.misread.length} misread`);
if (rssBytes > RSS_BYTES_MAX) tally.fault("crashes", `${rssBytes} bytes of memory`);
say(processLine);
// Last, where whoever sees only the end of a run sees them.
for (const example of tally.examples) say(example);
say(verdictLine(options.jobs, tally));
process.exit(tally.faults > 0 ? 1 : 0);
