const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes for people, in steps of 1000, e.g. `1.2 MB`. */
export function bytesText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export const rateText = (bytesPerSecond: number): string => (bytesPerSecond === 0 ? "-" : `${bytesText(bytesPerSecond)}/s`);

/** Unix milliseconds as `2026-11-21 22:05:09`, UTC as in the log itself. */
export const timeText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace("T", " ");

/** `1 VPC`, `2 VPCs`. */
export const counted = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;
