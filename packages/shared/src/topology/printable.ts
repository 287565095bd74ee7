/** Control and direction characters made visible, at most 40 characters: fit for a message or a terminal. */
export function printable(text: string): string {
  const safe = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "·");
  return safe.length > 40 ? `${safe.slice(0, 40)}…` : safe;
}
