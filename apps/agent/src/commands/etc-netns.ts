import { rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ETC_NETNS_DIR } from "../host/etc-netns";
import { DurableFile } from "../state/durable-file";

/** There while the directory is one that this agent makes. It outlives a restart of the machine, as the directory does. */
const noteFile = (stateDir: string) => new DurableFile(join(stateDir, "etc-netns.json"), z.strictObject({ made: z.literal(true) }));

/** Few machines have an /etc/netns. Notes whether that will be ours. */
export async function noteEtcNetns(stateDir: string): Promise<void> {
  const isThere = await stat(ETC_NETNS_DIR).then(() => true, () => false);
  if (!isThere) await noteFile(stateDir).write({ made: true });
}

/** Takes the directory away again when it was ours and nobody has anything in it. */
export async function removeEtcNetns(stateDir: string): Promise<void> {
  const note = await noteFile(stateDir).read().catch(() => null);
  if (note === null) return;
  const gone = await rmdir(ETC_NETNS_DIR).then(() => true, (error: NodeJS.ErrnoException) => error.code === "ENOENT");
  if (gone) await noteFile(stateDir).remove();
}
