import type { IdMaps } from "./id-maps";
import { isMapped } from "./id-maps";

/** Debian's `nobody` and `nogroup`. */
export const NOBODY = 65534;

/**
 * Arguments of `setpriv` that make the following program powerless: no capability, no way to gain one, and the user
 * nobody. Where nobody does not exist (a user namespace that maps only 0) the id stays, which is an ordinary user outside.
 */
export function unprivilegedArgs(maps: IdMaps): string[] {
  const identity = isMapped(maps.uids, NOBODY) && isMapped(maps.gids, NOBODY)
    ? [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"]
    : [];
  return [...identity, "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"];
}
