import { rm } from "node:fs/promises";
import { AppError } from "@vpclab/shared/errors/app-error";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import type { SeenKernel } from "@vpclab/shared/plan/kernel-state";
import { formatMark, parseMark } from "@vpclab/shared/plan/mark";
import type { Step } from "@vpclab/shared/plan/step";
import { listNetnsNames } from "../host/netns";
import { unmarkedOwn } from "../reconcile/foreign-namespaces";
import { uplinkForwardingKey } from "../reconcile/site";
import { createLogger } from "../report/logger";
import { SANDBOX_NAMESPACES } from "../sandbox/sandbox-state";
import { HostRecordStore } from "../state/host-record";
import { readIdentity } from "../state/identity";
import { NamespaceLedger } from "../state/namespace-ledger";
import { openStateDir } from "../state/state-dir";
import { lockStateDir } from "./lock";
import type { Machine } from "./machine";
import { openMachine } from "./machine";
import { removeNetnsMount } from "./netns-mount";
import type { Options } from "./options";

/** Removes whatever carries the agent's mark, whether or not the agent knows of it, a server is there or its state is whole. */
export async function purge(options: Options, print: (line: string) => void): Promise<number> {
  const stateDir = await openStateDir(options.stateDir);
  const lock = await lockStateDir(stateDir);
  const log = createLogger(stateDir);
  try {
    const mine = await whoseMarks(stateDir, options.all);
    for (const agentId of mine === null ? await agentsOnThisHost(options, log) : [mine]) {
      const machine = await openMachine(options, agentId, log);
      const removed = await removeNamespaces(machine, agentId, await noted(stateDir));
      await machine.sandbox?.remove();
      if (machine.hostNetns === null) await restoreHost(machine, agentId, stateDir);
      await removeNetnsMount(stateDir, machine.runner);
      print(`removed ${removed} namespaces of agent ${agentId}`);
    }
    if (options.forget) await rm(stateDir, { recursive: true, force: true });
    return 0;
  } finally {
    log.close();
    await lock.release();
  }
}

/** Agent id to purge, or null for every agent's. A damaged state directory must not stand in the way of `--all`. */
async function whoseMarks(stateDir: string, all: boolean): Promise<string | null> {
  if (all) return null;
  const identity = await readIdentity(stateDir).catch((error: unknown) => {
    throw new AppError("NOT_FOUND", `${stateDir} does not say who this agent is (${error instanceof Error ? error.message : "unreadable"}); use --all to remove what any vpclab agent made.`);
  });
  if (!identity) throw new AppError("NOT_FOUND", `${stateDir} is not enrolled, so it is not known which objects are its own; use --all to remove what any vpclab agent made.`);
  return identity.agentId;
}

async function agentsOnThisHost(options: Options, log: ReturnType<typeof createLogger>): Promise<string[]> {
  const { kernel } = await openMachine(options, "nobody", log);
  const seen = await kernel.observe(listNetnsNames());
  return [...new Set(Object.values(seen).flatMap((space) => parseMark(space.mark)?.agentId ?? []))];
}

/** Namespaces that the agent wrote down before it made them; none when that file is gone or damaged. */
async function noted(stateDir: string): Promise<NamespaceLedger | null> {
  return NamespaceLedger.open(stateDir).catch(() => null);
}

async function removeNamespaces({ kernel, leftovers }: Machine, agentId: string, ledger: NamespaceLedger | null): Promise<number> {
  const names = listNetnsNames().filter((name) => !(SANDBOX_NAMESPACES as readonly string[]).includes(name));
  const seen = await kernel.observe(names);
  const unmarked = (ledger?.topologyIds() ?? []).flatMap((topologyId) => ledger ? unmarkedOwn(seen, { agentId, topologyId, ledger }) : []);
  const owner = { topologyId: "purge", objectId: "unmarked" };
  throwFirst(await kernel.apply(unmarked.map((namespace): Step => ({ owner, namespace, action: "mark", mark: formatMark({ agentId, ...owner }, namespace) }))));
  const marked = Object.values(seen).filter((space) => parseMark(space.mark)?.agentId === agentId).map((space) => space.name);
  const half = leftovers(names.filter((name) => ledger !== null && ledger.topologyOf(name) !== null));
  const gone = [...marked, ...unmarked, ...half];
  throwFirst(await kernel.apply(gone.map((namespace): Step => ({ owner, namespace, action: "netns-delete" }))));
  return gone.length;
}

/** The real host: links whose other end is gone already went with it; table and forwarding are put back as they were. */
async function restoreHost({ kernel, uplink, firewall }: Machine, agentId: string, stateDir: string): Promise<void> {
  const record = await HostRecordStore.open(stateDir);
  const before = record.forwardingBefore(uplink);
  const seen: SeenKernel = await kernel.observe([HOST_NAMESPACE]);
  const host = seen[HOST_NAMESPACE];
  const owner = { topologyId: "purge", objectId: "host" };
  const links = (host?.links ?? []).filter((link) => parseMark(link.alias)?.agentId === agentId);
  const key = uplinkForwardingKey(uplink);
  const steps: Step[] = [
    ...links.map((link): Step => ({ owner, namespace: HOST_NAMESPACE, action: "link-delete", name: link.name })),
    ...(host?.nft ? [{ owner, namespace: HOST_NAMESPACE, action: "nft-delete", table: "inet vpclab" } satisfies Step] : []),
    ...(before !== null && host?.sysctls[key] !== before ? [{ owner, namespace: HOST_NAMESPACE, action: "sysctl-set", key, value: before } satisfies Step] : []),
  ];
  throwFirst(await kernel.apply(steps));
  await firewall?.settle(false);
  await record.forget();
}

function throwFirst(failures: readonly { step: Step; reason: string }[]): void {
  const [first] = failures;
  if (first) throw new AppError("KERNEL_REFUSED", `${first.step.namespace} could not be removed: ${first.reason}`);
}
