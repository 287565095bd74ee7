import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../prove/random";
import { Drawing, runSchedule, scheduleOf } from "./schedule";
import { WayLab } from "./way-lab";

export interface SchedulesEnd {
  readonly schedules: number;
  readonly notConverged: number;
  readonly differingWrites: number;
}

export interface SchedulesOptions {
  readonly schedules: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly convergeMaxMs?: number;
  /** Spoils the lab itself for the run with faults, to see that it is seen; answers with how to undo it. */
  readonly plant?: (lab: WayLab) => () => void;
}

/** Each schedule twice: on a way that works, and on one that drops, repeats, mixes up, delays, cuts off and goes silent. The kernel must not know the difference. */
export async function trySchedules({ schedules, seed, say, convergeMaxMs, plant }: SchedulesOptions): Promise<SchedulesEnd> {
  const folder = mkdtempSync(join(tmpdir(), "torture-way-"));
  const lab = await WayLab.start(folder);
  const seeds = new Random(seed);
  const end = { schedules: 0, notConverged: 0, differingWrites: 0 };
  let slowestMs = 0;
  try {
    while (end.schedules < schedules && end.notConverged === 0) {
      const own = seeds.next();
      const schedule = scheduleOf(own);
      const drawing = await Drawing.create(lab);
      const calm = await runSchedule(lab, drawing, schedule, { faultSeed: null });
      if (calm.stuck !== null) throw new Error(`schedule ${own} does not even work without a fault: ${calm.stuck}\n${lab.log.lines.slice(-10).join("\n")}`);
      const unplant = plant?.(lab);
      const spoiled = await runSchedule(lab, drawing, schedule, { faultSeed: own, ...(convergeMaxMs === undefined ? {} : { convergeMaxMs }) });
      unplant?.();
      slowestMs = Math.max(slowestMs, spoiled.slowestMs);
      end.schedules += 1;
      const differs = spoiled.writes.findIndex((writes, i) => writes !== calm.writes[i]);
      if (spoiled.stuck !== null) {
        // What follows on this lab would say nothing.
        end.notConverged += 1;
        for (const line of [`schedule ${own}: ${spoiled.stuck}`, ...lab.log.lines.slice(-10)]) say(line);
      } else if (differs >= 0) {
        end.differingWrites += 1;
        say(`schedule ${own}: action ${differs + 1} wrote other things: ${firstDifference(calm.writes[differs] ?? "", spoiled.writes[differs] ?? "")}`);
      }
      if (spoiled.stuck === null) await drawing.remove();
    }
  } finally {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
  say(`faults: ${[...lab.proxy.counts].map(([fault, count]) => `${fault} ${count}`).join(", ")}; slowest convergence ${(slowestMs / 1000).toFixed(1)} s`);
  return end;
}

export const schedulesLine = ({ schedules, notConverged, differingWrites }: SchedulesEnd): string =>
  `${schedules} schedules, ${notConverged} not converged, ${differingWrites} differing writes`;

function firstDifference(calm: string, spoiled: string): string {
  let at = 0;
  while (at < calm.length && calm[at] === spoiled[at]) at += 1;
  const from = Math.max(0, at - 200);
  return `“${calm.slice(from, at + 200)}” without faults, “${spoiled.slice(from, at + 200)}” with`;
}
