const BROWSERS = [["Edg/", "Edge"], ["OPR/", "Opera"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]] as const;
const SYSTEMS = [["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Windows", "Windows"], ["Mac OS", "macOS"], ["Linux", "Linux"]] as const;

/** What a `User-Agent` header says, in two words. It is the device's own claim. */
export function deviceName(userAgent: string): string {
  const named = (table: readonly (readonly [string, string])[]) => table.find(([sign]) => userAgent.includes(sign))?.[1];
  const browser = named(BROWSERS);
  if (!browser) return userAgent.split(/[\s/]/)[0] || "Unknown program";
  const system = named(SYSTEMS);
  return system ? `${browser} on ${system}` : browser;
}
