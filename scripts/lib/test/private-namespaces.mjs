import { spawnSync } from "node:child_process";
import { childEnvironment } from "../child-environment.mjs";
import { isRoot } from "../privileges.mjs";
import { programPath } from "../system-packages.mjs";

/**
 * Network, mount and process namespaces of a test's own, with a /run and a copy of /etc of its own, so that nothing it does can reach the
 * machine and nothing of it can stay: the kernel takes all of it away with the first process. An ordinary user gets them
 * inside a user namespace.
 */
const options = () => [...(isRoot() ? [] : ["-U", "-r"]), "-m", "-n", "-p", "--fork", "--kill-child", "--mount-proc"];

/**
 * The mounts of the machine's own namespaces come along as copies and would change under a test's feet: a name deleted there
 * vanishes here, too. An ordinary user may not unmount them, and only gets them out of sight.
 *
 * /etc is a copy (of what the user may read), because a mount namespace has the machine's own files: agents write /etc/netns. What an
 * agent of the machine has there belongs to names that are not here.
 *
 * The shell stays the first process, whose part it is to take up processes that lost their parent: the program would collect zombies.
 */
const PREPARE = 'umount -n -R -l /run/netns 2>/dev/null; mount -t tmpfs tmpfs /run && { cp -a /etc /run/etc 2>/dev/null; rm -rf /run/etc/netns; mkdir /run/etc/netns; mount --bind /run/etc /etc; } && ip link set lo up && "$@"; exit';

/** [file, ...args] that runs a program inside fresh namespaces. */
export const inPrivateNamespaces = (file, ...args) => [programPath("unshare"), ...options(), "sh", "-c", PREPARE, "sh", file, ...args];

/** Why that cannot be done on this machine, or null. Tried for real. */
export function namespaceObstacle() {
  const [file, ...args] = inPrivateNamespaces("ip", "netns", "add", "trial");
  if (file === null) return "unshare is missing (package util-linux)";
  const { status, stderr } = spawnSync(file, args, { encoding: "utf8", timeout: 20_000, env: childEnvironment() });
  return status === 0 ? null : `network namespaces cannot be made here: ${(stderr ?? "").trim().split("\n").at(-1)}`;
}
