const STEPS = [
  { seconds: 60, word: "minute" },
  { seconds: 3600, word: "hour" },
  { seconds: 86_400, word: "day" },
] as const;

/** `just now`, `5 minutes ago`, `3 days ago`; both times in milliseconds. */
export function formatAgo(then: number, now: number): string {
  const seconds = (now - then) / 1000;
  const step = STEPS.filter((candidate) => seconds >= candidate.seconds).at(-1);
  if (!step) return "just now";
  const count = Math.floor(seconds / step.seconds);
  return `${count} ${step.word}${count === 1 ? "" : "s"} ago`;
}
