import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { lookUpNetns, ownNetnsInode } from "../host/netns";

/** Which namespace plays the host: a named one (sandbox), or null for the agent's own (the real host). */
export type HostNetns = string | null;

/** Name under /run/netns of a KernelState key; null is the agent's own namespace. */
export const netnsNameOf = (key: string, host: HostNetns): string | null => (key === HOST_NAMESPACE ? host : key);

/** Inode of a namespace that exists; null when it does not. */
export function inodeOf(key: string, host: HostNetns): number | null {
  const name = netnsNameOf(key, host);
  if (name === null) return ownNetnsInode();
  const found = lookUpNetns(name);
  return typeof found === "number" ? found : null;
}
