import { AppError } from "@vpclab/shared/errors/app-error";
import type { SeenKernel } from "@vpclab/shared/plan/kernel-state";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { formatMark, parseMark } from "@vpclab/shared/plan/mark";
import type { Step } from "@vpclab/shared/plan/step";
import { agentsOfCgroups } from "../host/instance-cgroups";
import { listNetnsNames } from "../host/netns";
import { agentsOfResolvConfs, removeResolvConf, resolvConfsOf } from "../kernel/resolv-conf";
import { unmarkedOwn } from "../reconcile/foreign-namespaces";
import { uplinkForwardingKey } from "../reconcile/site";
import { SANDBOX_NAMESPACES } from "../sandbox/sandbox-state";
import { HostRecordStore } from "../state/host-record";
import { NamespaceLedger } from "../state/namespace-ledger";
import type { Machine } from "./machine";
import { removeNetnsMount } from "./netns-mount";

/** Agents whose marks are on namespaces of this host, or on files and control groups that were kept for them. */
export async function agentsOnThisHost({ kernel }: Pick<Machine, "kernel">): Promise<string[]> {
  const seen = await kernel.observe(listNetnsNames());
  return [...new Set([...Object.values(seen).flatMap((space) => parseMark(space.mark)?.agentId ?? []), ...agentsOfResolvConfs(), ...agentsOfCgroups()])];
}

/** Removes whatever carries one agent's mark. Answers with the names of the namespaces that were removed. */
export async function purgeAgent(machine: Machine, agentId: string, stateDir: string): Promise<string[]> {
  const removed = await removeNamespaces(machine, agentId, await noted(stateDir));
  const sandbox = await removeSandbox(machine, agentId);
  // Those of namespaces that somebody deleted by hand.
  for (const name of resolvConfsOf(agentId)) removeResolvConf(name);
  if (machine.hostNetns === null) await restoreHost(machine, agentId, stateDir);
  await removeNetnsMount(stateDir, machine.runner);
  return [...removed, ...sandbox];
}

/** Namespaces that the agent wrote down before it made them; none when that file is gone or damaged. */
async function noted(stateDir: string): Promise<NamespaceLedger | null> {
  return NamespaceLedger.open(stateDir).catch(() => null);
}

async function removeNamespaces({ kernel, leftovers }: Machine, agentId: string, ledger: NamespaceLedger | null): Promise<string[]> {
  const names = listNetnsNames().filter((name) => !(SANDBOX_NAMESPACES as readonly string[]).includes(name));
  const seen = await kernel.observe(names);
  const unmarked = (ledger?.topologyIds() ?? []).flatMap((topologyId) => ledger ? unmarkedOwn(seen, { agentId, topologyId, ledger }) : []);
  const owner = { topologyId: "purge", objectId: "unmarked" };
  throwFirst(await kernel.apply(unmarked.map((namespace): Step => ({ owner, namespace, action: "mark", mark: formatMark({ agentId, ...owner }, namespace) }))));
  const marked = Object.values(seen).filter((space) => parseMark(space.mark)?.agentId === agentId).map((space) => space.name);
  const half = leftovers(names.filter((name) => ledger !== null && ledger.topologyOf(name) !== null));
  const gone = [...marked, ...unmarked, ...half];
  throwFirst(await kernel.apply(gone.map((namespace): Step => ({ owner, namespace, action: "netns-delete" }))));
  return gone;
}

/** Another agent's sandbox has the same names and stays. */
async function removeSandbox({ kernel, sandbox }: Machine, agentId: string): Promise<string[]> {
  if (!sandbox) return [];
  const seen = Object.values(await kernel.observe(SANDBOX_NAMESPACES));
  if (seen.some(({ mark }) => mark !== "" && parseMark(mark)?.agentId !== agentId)) return [];
  await sandbox.remove();
  return seen.map(({ name }) => name);
}

/** The real host: links whose other end is gone already went with it; table and forwarding are put back as they were. */
async function restoreHost({ kernel, uplink, firewall }: Machine, agentId: string, stateDir: string): Promise<void> {
  const record = await HostRecordStore.open(stateDir).catch(() => null);
  const before = record?.forwardingBefore(uplink) ?? null;
  const seen: SeenKernel = await kernel.observe([HOST_NAMESPACE]);
  const host = seen[HOST_NAMESPACE];
  const owner = { topologyId: "purge", objectId: "host" };
  const links = (host?.links ?? []).filter((link) => parseMark(link.alias)?.agentId === agentId);
  const key = uplinkForwardingKey(uplink);
  const steps: Step[] = [
    ...links.map((link): Step => ({ owner, namespace: HOST_NAMESPACE, action: "link-delete", name: link.name })),
    ...(host?.nft ? [{ owner, namespace: HOST_NAMESPACE, action: "nft-delete", table: "inet vpclab" } satisfies Step] : []),
    // An uplink may be gone by now, and its settings with it.
    ...(before !== null && host?.sysctls[key] !== undefined && host.sysctls[key] !== before ? [{ owner, namespace: HOST_NAMESPACE, action: "sysctl-set", key, value: before } satisfies Step] : []),
  ];
  throwFirst(await kernel.apply(steps));
  await firewall?.settle(false);
  await record?.forget();
}

function throwFirst(failures: readonly { step: Step; reason: string }[]): void {
  const [first] = failures;
  if (first) throw new AppError("KERNEL_REFUSED", `${first.step.namespace} could not be removed: ${first.reason}`);
}
