import { readFileSync } from "node:fs";

/** One line of /proc/self/{uid,gid}_map: `count` ids from `inside` on, as this user namespace sees them. */
export interface IdRange {
  readonly inside: number;
  readonly count: number;
}

export function parseIdMap(text: string): IdRange[] {
  return text.split("\n").filter((line) => line.trim() !== "").map((line) => {
    const [inside, , count] = line.trim().split(/\s+/).map(Number);
    return { inside: inside ?? 0, count: count ?? 0 };
  });
}

export const isMapped = (ranges: readonly IdRange[], id: number): boolean =>
  ranges.some(({ inside, count }) => id >= inside && id < inside + count);

export interface IdMaps {
  readonly uids: readonly IdRange[];
  readonly gids: readonly IdRange[];
}

/** Which ids exist in the agent's user namespace. A rootless agent usually has only 0. */
export const readIdMaps = (): IdMaps => ({
  uids: parseIdMap(readFileSync("/proc/self/uid_map", "utf8")),
  gids: parseIdMap(readFileSync("/proc/self/gid_map", "utf8")),
});
