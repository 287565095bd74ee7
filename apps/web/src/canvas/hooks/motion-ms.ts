/** Milliseconds that a movement takes; none for people who want no motion. */
export const motionMs = (ms: number): number => (matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : ms);
