const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Signal = (typeof SIGNALS)[number];

let underway = 0;
let asked: Signal | null = null;

/**
 * Work that a signal does not break off in the middle: the process ends by the first one as soon as the work is done, and at
 * once by the second. What SIGKILL breaks off, the next apply brings to its end.
 */
export async function holdSignals<T>(work: () => Promise<T>): Promise<T> {
  if (underway++ === 0) for (const name of SIGNALS) process.on(name, note);
  try {
    return await work();
  } finally {
    if (--underway === 0) {
      for (const name of SIGNALS) process.off(name, note);
      if (asked !== null) process.kill(process.pid, asked);
    }
  }
}

function note(name: NodeJS.Signals): void {
  if (asked === null) return void (asked = name as Signal);
  for (const other of SIGNALS) process.off(other, note);
  process.kill(process.pid, name);
}
