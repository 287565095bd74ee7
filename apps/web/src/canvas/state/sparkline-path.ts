import type { Samples } from "./traffic-history";

/** Less than this in the whole minute stays near the ground, so that a trickle does not look like a flood. */
const FULL_HEIGHT_MIN = 200;

/** The samples as an area over `0 0 <samples - 1> 100`, its peak at the top; empty where nothing was counted, or nothing passed. */
export function sparklinePath(samples: Samples): string {
  let peak = 0;
  for (const sample of samples) if (sample > peak) peak = sample;
  if (peak === 0) return "";
  const scale = 100 / Math.max(peak, FULL_HEIGHT_MIN);
  const parts: string[] = [];
  let open = false;
  for (let at = 0; at <= samples.length; at++) {
    const sample = samples[at];
    if (sample === undefined || Number.isNaN(sample)) {
      if (open) parts.push(`L${at - 1} 100Z`);
      open = false;
      continue;
    }
    if (!open) parts.push(`M${at} 100`);
    parts.push(`L${at} ${Math.round(100 - sample * scale)}`);
    open = true;
  }
  return parts.join("");
}
