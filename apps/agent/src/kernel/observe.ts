import { closeSync, fstatSync, openSync } from "node:fs";
import type { SeenKernel, SeenNamespace } from "@vpclab/shared/plan/kernel-state";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { MIDDLEBOX_SYSCTLS, NAT_GATEWAY_SYSCTLS, ROUTER_SYSCTLS } from "@vpclab/shared/plan/sysctls";
import { AppError } from "@vpclab/shared/errors/app-error";
import { SystemCallError } from "../host/libc";
import { inNamespaceOf } from "../host/in-namespace";
import { netnsPath, ownNetnsInode } from "../host/netns";
import { Breather } from "./breather";
import type { KernelOptions } from "./kernel-options";
import { NftTables } from "./nft-tables";
import { netnsNameOf } from "./place";
import { pingGroupRange } from "./ping-group-range";
import { readResolvConf } from "./resolv-conf";
import { SeenNetworks } from "./seen-networks";
import { SeenSysctls, readSysctls } from "./seen-sysctls";

/** What is kept from one look to the next, so that it does not have to be read again. */
export class ObserveMemory {
  readonly networks = new SeenNetworks();
  readonly tables = new NftTables();
  readonly sysctls = new SeenSysctls(Object.keys({ ...ROUTER_SYSCTLS, ...NAT_GATEWAY_SYSCTLS, ...MIDDLEBOX_SYSCTLS }));

  forget(key: string): void {
    this.networks.forget(key);
    this.tables.forget(key);
    this.sysctls.forget(key);
  }
}

/** Reads namespaces, with no process and no write. Those that do not exist are left out. */
export async function observe(options: KernelOptions, memory: ObserveMemory, keys: readonly string[]): Promise<SeenKernel> {
  const seen: Record<string, SeenNamespace> = {};
  const inodes = new Map<string, number>();
  const breather = new Breather();
  for (const key of keys) {
    await breather.pause();
    const found = visit(netnsNameOf(key, options.hostNetns), () => readNamespace(options, memory, key));
    if (found === null) {
      memory.forget(key);
      continue;
    }
    seen[key] = found.seen;
    if (key !== HOST_NAMESPACE) inodes.set(key, found.inode);
  }
  const workloads = options.workloads.find(new Set(inodes.values()));
  for (const [key, inode] of inodes) {
    const namespace = seen[key];
    if (namespace) seen[key] = { ...namespace, workloads: workloads.get(inode) ?? [] };
  }
  return seen;
}

/** Null when there is no namespace of this name. */
function visit(name: string | null, read: () => SeenNamespace): { readonly seen: SeenNamespace; readonly inode: number } | null {
  if (name === null) return { seen: read(), inode: ownNetnsInode() };
  const descriptor = openNamespace(name);
  if (descriptor === null) return null;
  try {
    return { seen: inNamespaceOf(descriptor, read), inode: fstatSync(descriptor).ino };
  } catch (error) {
    // EINVAL: a plain file, which is what a killed `ip netns add` leaves.
    if (error instanceof SystemCallError && error.call === "setns" && error.code === "EINVAL") return null;
    throw new AppError("KERNEL_REFUSED", `The network namespace ${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    closeSync(descriptor);
  }
}

function openNamespace(name: string): number | null {
  try {
    return openSync(netnsPath(name), "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function readNamespace(options: KernelOptions, memory: ObserveMemory, key: string): SeenNamespace {
  const isHost = key === HOST_NAMESPACE;
  const { network, cookie } = memory.networks.read(key, isHost);
  // Those of a host are of links, and go with them.
  const sysctls = isHost ? readSysctls(hostSysctls(options, network.links)) : memory.sysctls.read(key, cookie);
  return {
    name: key,
    ...network,
    sysctls: pingGroupRange(options.idMaps).fromKernel(sysctls),
    ...memory.tables.read(key, cookie, isHost),
    workloads: [],
    resolvConf: isHost ? "closed" : readResolvConf(key),
  };
}

/** Forwarding of the uplink and of our own links: the only settings of a host that concern us. */
const hostSysctls = (options: KernelOptions, links: SeenNamespace["links"]): string[] =>
  [options.uplink, ...links.map((link) => link.name)].map((link) => `net/ipv4/conf/${link}/forwarding`);
