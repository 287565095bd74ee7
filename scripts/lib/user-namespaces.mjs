import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { childEnvironment } from "./child-environment.mjs";
import { programPath } from "./system-packages.mjs";

const UNSHARE = ["-U", "-r", "-n", "-m", "-p", "--fork", "--kill-child", "--mount-proc"];

/** `unshare` and its options: user, network, mount and process namespaces of our own, which all end with the agent. */
export const unshareCommand = () => [programPath("unshare") ?? "unshare", ...UNSHARE];

/**
 * Tries what a rootless agent needs, for real: a namespace by name, a bridge and a ruleset, all inside a user namespace
 * that ends with the trial. Answers null when it works, otherwise what the user can do about it.
 */
export function rootlessObstacle() {
  const [file, ...args] = unshareCommand();
  const trial = [
    "mount -t tmpfs tmpfs /run", "ip netns add trial", "ip link add br0 type bridge", "nft add table inet trial",
    "ip netns exec trial sysctl -qw net.ipv4.ip_forward=1",
  ].join(" && ");
  const { status, stderr } = spawnSync(file, [...args, "sh", "-c", trial], { encoding: "utf8", timeout: 20_000, env: childEnvironment() });
  return status === 0 ? null : `${adviceFor()}\n  (the trial said: ${(stderr ?? "").trim().split("\n").at(-1) || "nothing"})`;
}

const sysctl = (key) => {
  try {
    return readFileSync(`/proc/sys/${key.replaceAll(".", "/")}`, "utf8").trim();
  } catch {
    return null;
  }
};

function adviceFor() {
  const head = "An ordinary user cannot make network namespaces on this machine.";
  const orSudo = "or run it as root:\n\n  sudo npm run up\n";
  if (sysctl("kernel.unprivileged_userns_clone") === "0") {
    return `${head} Allow it with\n\n  sudo sysctl kernel.unprivileged_userns_clone=1\n\n${orSudo}`;
  }
  if (sysctl("kernel.apparmor_restrict_unprivileged_userns") === "1") {
    return `${head} AppArmor forbids it (Ubuntu 23.10 and newer). Allow it with\n\n  sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0\n\n${orSudo}`;
  }
  if (sysctl("user.max_user_namespaces") === "0") {
    return `${head} Allow it with\n\n  sudo sysctl user.max_user_namespaces=15000\n\n${orSudo}`;
  }
  return `${head} In a container, start it with --privileged, ${orSudo}`;
}
