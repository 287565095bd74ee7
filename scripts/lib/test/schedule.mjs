/**
 * Runs levels side by side, each after those it needs, `width` units of work at once. A level takes `cost` units, so that
 * one which fills the machine runs alone. `run(level)` never rejects. Resolves when all have run.
 */
export function schedule(levels, width, run) {
  const waiting = [...levels];
  const done = new Set();
  let busy = 0;
  const names = new Set(levels.map((level) => level.name));
  return new Promise((resolve) => {
    const next = () => {
      if (done.size === levels.length) return resolve();
      for (const level of [...waiting]) {
        const ready = level.needs.every((name) => done.has(name) || !names.has(name));
        if (!ready || busy + level.cost > width) continue;
        waiting.splice(waiting.indexOf(level), 1);
        busy += level.cost;
        run(level).then(() => {
          busy -= level.cost;
          done.add(level.name);
          next();
        });
      }
    };
    next();
  });
}
