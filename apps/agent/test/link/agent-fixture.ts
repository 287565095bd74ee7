import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cidr } from "@vpclab/shared/net/cidr";
import { cidrFrom } from "@vpclab/shared/net/cidr";
import type { Kernel } from "@vpclab/shared/plan/kernel";
import type { AgentOptions } from "../../src/agent";
import { Agent } from "../../src/agent";
import type { TrustedKey } from "../../src/link/ed25519";
import { BUILT_IN_POLICY } from "../../src/policy/policy";
import type { AgentLog, LogFields } from "../../src/report/agent-log";
import type { Identity } from "../../src/state/identity";
import { ensureAgentKey, readIdentity, writeEnrolment } from "../../src/state/identity";
import { ServerTrust } from "../../src/state/server-trust";
import { openStateDir } from "../../src/state/state-dir";
import { openStores } from "../../src/state/stores";
import { AGENT_ID, serverKey } from "./job-fixture";

/** An enrolled state directory of its own in a folder of `parent`, removed by `remove`. */
export async function enrolledStateDir(pinned: TrustedKey = serverKey, parent = tmpdir()): Promise<{ stateDir: string; identity: Identity; remove: () => Promise<void> }> {
  const root = await mkdtemp(join(parent, "vpclab-agent-"));
  const stateDir = await openStateDir(join(root, "state"));
  await ensureAgentKey(stateDir);
  await writeEnrolment(stateDir, { agentId: AGENT_ID, serverKey: pinned.text, url: "http://127.0.0.1" });
  const identity = await readIdentity(stateDir);
  if (!identity) throw new Error("not enrolled");
  return { stateDir, identity, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Everything that was logged, for asking what an operator would have read. */
export class RecordingLog implements AgentLog {
  readonly lines: string[] = [];
  debug(text: string): void { this.#note("debug", text); }
  info(text: string): void { this.#note("info", text); }
  warn(text: string): void { this.#note("warn", text); }
  error(text: string, fields: LogFields = {}): void { this.#note("error", text, fields.error); }

  #note(level: string, text: string, error?: unknown): void {
    this.lines.push(`${level} ${text}${error instanceof Error ? ` [${error.stack ?? error.message}]` : ""}`);
  }
}

/** The sandbox's. */
const POOL = cidrFrom("198.51.100.128/25");

export async function newAgent(stateDir: string, kernel: Kernel, socketUrl: string, { pool = POOL, ...change }: Partial<AgentOptions> & { pool?: Cidr | null } = {}): Promise<Agent> {
  const identity = await readIdentity(stateDir);
  if (!identity) throw new Error("not enrolled");
  return new Agent({
    trust: new ServerTrust(stateDir, identity), stores: await openStores(stateDir, pool), policy: BUILT_IN_POLICY, kernel, uplink: "uplink0", firewall: null, leftovers: () => [], dnsUpstreams: [], hostNetns: "vpclab.host", socketUrl,
    facts: { mode: "sandbox", kernel: "6.18.0", version: "0.1.0", publicPool: pool !== null }, log: new RecordingLog(),
    probe: () => Promise.reject(new Error("no probes here")), measure: () => Promise.reject(new Error("no measurements here")), inspect: () => Promise.reject(new Error("nothing to inspect here")), counters: { watch: () => undefined, read: () => Promise.resolve({}), stop: () => undefined },
    // Drift is asked for by the tests themselves.
    resyncEveryMs: 3_600_000,
    ...change,
  });
}
