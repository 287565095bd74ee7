/**
 * Runs levels side by side, `width` at once, each after those it needs. Of those that may run, the one with the longest way to
 * the end begins, so that all end together. `run(level)` never rejects. Resolves when all have run.
 */
export function schedule(levels, width, run) {
  const waiting = byLongestWay(levels);
  const done = new Set();
  let busy = 0;
  const names = new Set(levels.map((level) => level.name));
  return new Promise((resolve) => {
    const next = () => {
      if (done.size === levels.length) return resolve();
      for (const level of [...waiting]) {
        const ready = level.needs.every((name) => done.has(name) || !names.has(name));
        if (!ready || busy >= width) continue;
        waiting.splice(waiting.indexOf(level), 1);
        busy += 1;
        run(level).then(() => {
          busy -= 1;
          done.add(level.name);
          next();
        });
      }
    };
    next();
  });
}

/** A level's own seconds and those of the longest chain of levels that wait for it. */
function byLongestWay(levels) {
  const way = (level) => level.seconds + Math.max(0, ...levels.filter(({ needs }) => needs.includes(level.name)).map(way));
  return levels.toSorted((a, b) => way(b) - way(a));
}
