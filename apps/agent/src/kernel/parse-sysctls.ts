/**
 * sysctl(8) takes a key with dots or with slashes and prints it with dots; an interface name with a dot is why slashes
 * exist. The form that is printed, for either.
 */
export function printedKey(key: string): string {
  if (!/^[^./]*\//.test(key)) return key;
  return [...key].map((char) => (char === "/" ? "." : char === "." ? "/" : char)).join("");
}

/** `key = value` lines to values under the given keys. Keys that were not printed (they do not exist) are left out. */
export function parseSysctls(text: string, keys: readonly string[]): Record<string, string> {
  const printed = new Map<string, string>();
  for (const line of text.split("\n")) {
    const at = line.indexOf(" = ");
    // The kernel separates the numbers of one value by tabs.
    if (at > 0) printed.set(line.slice(0, at), line.slice(at + 3).trim().replace(/\s+/g, " "));
  }
  return Object.fromEntries(keys.flatMap((key) => {
    const value = printed.get(printedKey(key));
    return value === undefined ? [] : [[key, value]];
  }));
}

/** Cuts what several `sysctl` calls printed one after the other: each begins with `firstKey`, which always exists. */
export function splitSysctlOutput(stdout: string, firstKey: string): string[] {
  const parts: string[] = [];
  for (const line of stdout.split("\n")) {
    if (line.startsWith(`${firstKey} = `)) parts.push("");
    if (parts.length > 0) parts[parts.length - 1] += `${line}\n`;
  }
  return parts;
}
