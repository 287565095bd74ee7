import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@vpclab/shared/errors/app-error";
import { missingProgram } from "../host/command-error";
import type { CommandRunner, LongChild } from "../host/command-runner";
import type { IdMaps } from "../host/id-maps";
import { lookUpNetns, netnsPath } from "../host/netns";
import { argumentsOf, processesByNetns } from "../host/processes";
import { unprivilegedArgs } from "../host/unprivileged";
import { INTERNET_DNS_ADDRESS, INTERNET_WEB_ADDRESS, INTERNET_WEB_NAME, SANDBOX_INTERNET_NETNS } from "./sandbox-state";

const START_TIMEOUT_MS = 5_000;
const POLL_MS = 10;
/** What a launcher exits with when it cannot find the program (env(1)). */
const NOT_FOUND = 127;

const DNSMASQ_ARGS = [
  "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file", "--no-resolv", "--no-hosts", "--no-poll",
  "--bind-interfaces", `--listen-address=${INTERNET_DNS_ADDRESS}`,
  // Answers for its own names, and that other names do not exist; asks nobody.
  `--host-record=${INTERNET_WEB_NAME},${INTERNET_WEB_ADDRESS}`, "--local=/#/",
  // It is started without rights already. A name here, even root, makes it call setgroups(2), which a user namespace refuses.
  "--user=", "--group=",
];

/** The simulated internet's name server. Starts it where it does not run; done when it answers on port 53. */
export async function ensureInternetDns({ runner, idMaps }: { runner: CommandRunner; idMaps: IdMaps }): Promise<void> {
  const inode = lookUpNetns(SANDBOX_INTERNET_NETNS);
  if (typeof inode !== "number") throw new AppError("KERNEL_REFUSED", `The namespace ${SANDBOX_INTERNET_NETNS} is not there`);
  if (isRunning(inode)) return;
  const child = await runner.start({
    file: "nsenter",
    args: [`--net=${netnsPath(SANDBOX_INTERNET_NETNS)}`, "--", "setpriv", ...unprivilegedArgs(idMaps), "dnsmasq", ...DNSMASQ_ARGS],
    life: "detached",
  });
  await untilAnswering(child, inode);
}

const isRunning = (inode: number): boolean =>
  (processesByNetns(new Set([inode])).get(inode) ?? []).some((pid) => basename(argumentsOf(pid)[0] ?? "") === "dnsmasq");

async function untilAnswering(child: LongChild, inode: number): Promise<void> {
  let exitCode: number | null | undefined;
  void child.exited.then((code) => (exitCode = code));
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (exitCode !== undefined) break;
    if (isRunning(inode) && hasDnsSocket(child.pid)) return;
    await delay(POLL_MS);
  }
  child.kill();
  const reason = exitCode === NOT_FOUND ? missingProgram("dnsmasq") : `dnsmasq ended with exit code ${exitCode ?? "none"}`;
  throw new AppError("COMMAND_FAILED", `The sandbox's name server did not start. ${reason}`);
}

/** A UDP socket bound to port 53 in the namespace of the process (/proc/<pid>/net/udp, port in hexadecimal). */
function hasDnsSocket(pid: number): boolean {
  try {
    return /:0035 /.test(readFileSync(`/proc/${pid}/net/udp`, "utf8"));
  } catch {
    return false;
  }
}
