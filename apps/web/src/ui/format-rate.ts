const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes with a unit in at most five characters of number, so that a column of them stands still: `0 B`, `1.24 kB`, `980 MB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

export const formatByteRate = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`;

/** Packets per second: `0 p/s`, `0.5 p/s`, `12 p/s`, `1.2k p/s`, `3.4M p/s`. */
export function formatPacketRate(packetsPerSecond: number): string {
  const value = Math.max(0, packetsPerSecond);
  if (value < 9.95 && value !== Math.round(value)) return `${value.toFixed(1)} p/s`;
  if (value < 999.5) return `${Math.round(value)} p/s`;
  const [scaled, unit] = value < 999_500 ? [value / 1000, "k"] : [value / 1_000_000, "M"];
  return `${scaled.toFixed(scaled < 99.95 ? 1 : 0)}${unit} p/s`;
}

/** A number in at most five characters: `0`, `999`, `1.2k`, `3.4M`. */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  const [scaled, unit] = count < 999_500 ? [count / 1000, "k"] : count < 999_500_000 ? [count / 1_000_000, "M"] : [count / 1_000_000_000, "G"];
  return `${scaled.toFixed(scaled < 99.95 ? 1 : 0)}${unit}`;
}

/** 0 (quiet) to 4 (busy), by powers of ten: what the motion and the width of an edge show. */
export function loadLevel(bytesPerSecond: number): 0 | 1 | 2 | 3 | 4 {
  if (bytesPerSecond < 1) return 0;
  if (bytesPerSecond < 1_000) return 1;
  if (bytesPerSecond < 100_000) return 2;
  if (bytesPerSecond < 10_000_000) return 3;
  return 4;
}
