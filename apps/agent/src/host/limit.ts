import { availableParallelism } from "node:os";

export const PROCESSES_AT_ONCE = Math.max(2, availableParallelism());

/** Runs at most `width` of the given tasks at a time, the others wait in order. */
export function limit(width: number): <T>(task: () => Promise<T>) => Promise<T> {
  let free = width;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
