import type { IdMaps } from "./id-maps";
import { isMapped } from "./id-maps";

/** Debian's `nobody` and `nogroup`. */
export const NOBODY = 65534;

export interface UnprivilegedOptions {
  /** Capabilities left in the bounding set, e.g. `net_raw`, for a program whose file asks for them. */
  readonly keepInBoundingSet?: readonly string[];
  /** Killed by the kernel when the agent ends, however it ends. */
  readonly dieWithParent?: boolean;
}

/**
 * Arguments of `setpriv` that make the following program powerless: no capability, no way to gain one, and the user
 * nobody. Where nobody does not exist (a user namespace that maps only 0) the id stays, which is an ordinary user outside.
 */
export function unprivilegedArgs(maps: IdMaps, options: UnprivilegedOptions = {}): string[] {
  const identity = isMapped(maps.uids, NOBODY) && isMapped(maps.gids, NOBODY)
    ? [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"]
    : [];
  const bounding = ["-all", ...(options.keepInBoundingSet ?? []).map((name) => `+${name}`)].join(",");
  return [
    ...identity,
    `--bounding-set=${bounding}`,
    "--inh-caps=-all",
    "--no-new-privs",
    ...(options.dieWithParent ? ["--pdeathsig=KILL"] : []),
    "--",
  ];
}
