import { readFile, readdir, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { CommandRunner } from "../host/command-runner";
import { NETNS_DIR } from "../host/netns";
import { noteEtcNetns, removeEtcNetns } from "./etc-netns";
import { DurableFile } from "../state/durable-file";

const NoteSchema = z.strictObject({ bootId: z.string(), hadDirectory: z.boolean() });
const noteFile = (stateDir: string) => new DurableFile(join(stateDir, "netns-mount.json"), NoteSchema);

const bootId = async (): Promise<string> => (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();

/** The first `ip netns add` of a boot makes a directory and mounts it on itself. Notes whether that (and /etc/netns) will be ours. */
export async function noteNetnsMount(stateDir: string): Promise<void> {
  await noteEtcNetns(stateDir);
  if (await isMounted()) return;
  const hadDirectory = await stat(NETNS_DIR).then(() => true, () => false);
  await noteFile(stateDir).write({ bootId: await bootId(), hadDirectory });
}

/** Takes that mount away again when it was ours and nobody has a namespace there. The kernel refuses (EBUSY) where somebody has. */
export async function removeNetnsMount(stateDir: string, runner: CommandRunner): Promise<void> {
  await removeEtcNetns(stateDir);
  const note = await noteFile(stateDir).read().catch(() => null);
  if (note?.bootId !== (await bootId()) || !(await isMounted()) || (await readdir(NETNS_DIR)).length > 0) return;
  // Without the option umount(8) makes a directory /run/mount for its own notes.
  const { exitCode } = await runner.tryRun({ file: "umount", args: ["--no-mtab", NETNS_DIR] });
  if (exitCode !== 0) return;
  if (!note.hadDirectory) await rmdir(NETNS_DIR).catch(() => undefined);
  await noteFile(stateDir).remove();
}

/** /proc/self/mountinfo: the fifth field is the mount point (proc_pid_mountinfo(5)). */
async function isMounted(): Promise<boolean> {
  const mounts = await readFile("/proc/self/mountinfo", "utf8");
  return mounts.split("\n").some((line) => line.split(" ")[4] === NETNS_DIR);
}
