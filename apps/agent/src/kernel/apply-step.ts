import { changesScript, nftDeleteScript, nftScript } from "@vpclab/shared/plan/render-nft";
import type { Step } from "@vpclab/shared/plan/step";
import { CommandError, reasonFrom } from "../host/command-error";
import { withNamespace } from "../host/in-namespace";
import type { KernelOptions } from "./kernel-options";
import { addAddress, deleteAddress } from "./netlink/link-addresses";
import { addBridge, addVeth, deleteLink, setLink } from "./netlink/links";
import { KernelRefusal, type NetlinkSocket } from "./netlink/netlink-socket";
import { deleteRoute, replaceRoute } from "./netlink/routes";
import { addRule, deleteRule } from "./netlink/rules";
import type { NftContexts } from "./nft-contexts";
import { netnsNameOf } from "./place";
import { pingGroupRange } from "./ping-group-range";
import type { SysctlFiles } from "./sysctls";

/** Steps that other code does: with processes, with files, or several at a time. */
export type SpecialAction = "netns-add" | "netns-delete" | "workload-start" | "workload-stop" | "resolv-conf-write" | "resolv-conf-delete";
const SPECIAL: readonly string[] = ["netns-add", "netns-delete", "workload-start", "workload-stop", "resolv-conf-write", "resolv-conf-delete"] satisfies SpecialAction[];
export type InsideStep = Exclude<Step, { action: SpecialAction }>;
export const isInside = (step: Step): step is InsideStep =>
  !SPECIAL.includes(step.action);

/** What a visit to a namespace works with, opened inside. */
export interface Tools {
  readonly socket: NetlinkSocket;
  readonly sysctls: SysctlFiles;
  readonly contexts: NftContexts;
}

/** One step in the namespace in which this thread is. Throws when the kernel refuses. */
export function applyStep(options: KernelOptions, { socket, sysctls, contexts }: Tools, step: InsideStep): void {
  switch (step.action) {
    case "mark": return setLink(socket, "lo", { alias: step.mark, up: true });
    case "sysctl-set": return sysctls.write(step.key, pingGroupRange(options.idMaps).toKernel(step.key, step.value));
    case "bridge-add": return addBridge(socket, step);
    case "veth-add": return addPair(options, socket, step);
    case "link-delete": return unlessGone(() => deleteLink(socket, step.name));
    case "link-alias": return setLink(socket, step.name, { alias: step.alias });
    case "link-mac": return setLink(socket, step.name, { mac: step.mac });
    case "link-master": return setLink(socket, step.name, { master: step.master });
    case "link-mtu": return setLink(socket, step.name, { mtu: step.mtu });
    case "link-up": return setLink(socket, step.name, { up: true });
    case "address-add": return addAddress(socket, step.link, step.address);
    case "address-delete": return unlessGone(() => deleteAddress(socket, step.link, step.address));
    case "route-replace": return replaceRoute(socket, step);
    case "route-delete": return unlessGone(() => deleteRoute(socket, step));
    case "rule-add": return addRule(socket, step);
    case "rule-delete": return unlessGone(() => deleteRule(socket, step));
    case "nft-replace": return runNft(contexts, step.namespace, nftScript(step.table));
    case "nft-change": return runNft(contexts, step.namespace, changesScript(step.changes));
    case "nft-delete": return runNft(contexts, step.namespace, nftDeleteScript(step.table));
  }
}

function addPair({ hostNetns }: KernelOptions, socket: NetlinkSocket, step: Extract<Step, { action: "veth-add" }>): void {
  const name = netnsNameOf(step.peer.namespace, hostNetns);
  withNamespace(name, (namespaceDescriptor) => addVeth(socket, step, { ...step.peer, namespaceDescriptor }));
}

/** What the kernel says when the thing to delete is not there: then it is as it should be. */
const GONE: readonly string[] = ["ENODEV", "ESRCH", "ENOENT", "EADDRNOTAVAIL"];

function unlessGone(remove: () => void): void {
  try {
    remove();
  } catch (error) {
    if (!(error instanceof KernelRefusal) || !GONE.includes(error.code)) throw error;
  }
}

function runNft(contexts: NftContexts, key: string, script: string): void {
  const complaint = contexts.run(key, script);
  if (complaint !== null) throw new CommandError("nft", reasonFrom(complaint, "failed without a word"), null);
}
