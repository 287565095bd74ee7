import { closeSync, mkdirSync, openSync, unlinkSync } from "node:fs";
import { CLONE_NEWNET, MNT_DETACH, MS_BIND, MS_REC, MS_SHARED, SystemCallError, mount, umount, unshare } from "../host/libc";
import { awayFromHome } from "../host/in-namespace";
import { NETNS_DIR, lookUpNetns, netnsPath } from "../host/netns";

/**
 * A network namespace with a name, as `ip netns add` makes one: a file in /run/netns with the namespace mounted on it, so
 * that it lives without a process. A plain file under the name is what one that was killed half-way leaves: it makes way.
 * Throws EEXIST when there is a namespace of this name.
 */
export function addNamespace(name: string): void {
  shareDirectory();
  if (lookUpNetns(name) === "leftover") removeName(name);
  closeSync(openSync(netnsPath(name), "ax", 0));
  try {
    awayFromHome(() => unshare(CLONE_NEWNET), () => mount("/proc/thread-self/ns/net", netnsPath(name), MS_BIND));
  } catch (error) {
    unlinkSync(netnsPath(name));
    throw error;
  }
}

/** Takes the name away; the namespace goes when nothing is left in it. Fine when there is no such name. */
export function removeName(name: string): void {
  try {
    // EINVAL: nothing mounted on it.
    unless(["EINVAL", "ENOENT"], () => umount(netnsPath(name), MNT_DETACH));
    unlinkSync(netnsPath(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/**
 * /run/netns as a mount of its own that passes on what is mounted in it, as iproute2 does: otherwise programs in other mount
 * namespaces would keep namespaces alive that were deleted here.
 */
function shareDirectory(): void {
  mkdirSync(NETNS_DIR, { recursive: true, mode: 0o755 });
  const share = () => mount("", NETNS_DIR, MS_SHARED | MS_REC);
  if (unless(["EINVAL"], share)) return;
  mount(NETNS_DIR, NETNS_DIR, MS_BIND | MS_REC);
  share();
}

/** False when the call failed with one of these codes; throws any other failure. */
function unless(codes: readonly string[], call: () => void): boolean {
  try {
    call();
    return true;
  } catch (error) {
    if (error instanceof SystemCallError && codes.includes(error.code)) return false;
    throw error;
  }
}
