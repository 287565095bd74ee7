import { accessSync, constants, existsSync } from "node:fs";

/** Where `ip netns exec` looks for files that take the place of those in /etc: a folder for each name (ip-netns(8)). */
export const ETC_NETNS_DIR = "/etc/netns";

/** Whether this agent may write there: root may, on a file system that may be written to; a user namespace's root may not. */
export function canWriteEtcNetns(): boolean {
  try {
    accessSync(existsSync(ETC_NETNS_DIR) ? ETC_NETNS_DIR : "/etc", constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
