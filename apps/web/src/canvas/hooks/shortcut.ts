/** Key combinations as they are written for people: `Ctrl+Shift+Z`, `F`, `?`, `Delete`. `Ctrl` is also the Mac's ⌘. */
export function matchesShortcut(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">, keys: string): boolean {
  const parts = partsOf(keys);
  const key = parts.at(-1)!.toLowerCase();
  const has = (part: string) => parts.slice(0, -1).includes(part);
  if ((event.ctrlKey || event.metaKey) !== has("Ctrl") || event.altKey !== has("Alt")) return false;
  // Which keys make a sign such as `?` depends on the keyboard, so Shift counts for letters and named keys only.
  const isSign = key.length === 1 && !/[a-z]/.test(key);
  return event.key.toLowerCase() === key && (isSign || event.shiftKey === has("Shift"));
}

/** As the keys are shown, e.g. `Ctrl Shift Z`. */
export const shownKeys = (keys: string): string => partsOf(keys).join(" ");

/** The last plus sign of `Ctrl++` is a key. */
const partsOf = (keys: string): string[] => keys.split(/\+(?=.)/);
