import { readIp } from "../run-inside";

/** What the kernel holds in a router's namespace, as `ip` shows it. */
export interface RouterSeen {
  readonly links: readonly { readonly name: string; readonly kind: string; readonly up: boolean; readonly addresses: readonly string[] }[];
  /** By number of the table. */
  readonly routes: Readonly<Record<string, readonly string[]>>;
}

/** null: there is no such namespace, or it cannot be entered from here. */
export async function readRouter(netns: string): Promise<RouterSeen | null> {
  const [links, routes] = await Promise.all([readIp(["-n", netns, "-d", "addr", "show"]), readIp(["-n", netns, "-4", "-N", "route", "show", "table", "all"])]);
  if (!Array.isArray(links) || !Array.isArray(routes)) return null;
  return { links: (links as SeenLink[]).filter(({ ifname }) => ifname !== "lo").map(linkOf), routes: byTable(routes as SeenRoute[]) };
}

interface SeenLink {
  readonly ifname: string;
  readonly flags?: readonly string[];
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info?: readonly { readonly family: string; readonly local: string; readonly prefixlen: number }[];
}

interface SeenRoute {
  readonly type?: string;
  readonly dst: string;
  readonly gateway?: string;
  readonly dev?: string;
  readonly table?: string;
}

const linkOf = ({ ifname, flags = [], linkinfo, addr_info = [] }: SeenLink): RouterSeen["links"][number] => ({
  name: ifname, kind: linkinfo?.info_kind ?? "", up: flags.includes("UP"),
  addresses: addr_info.filter(({ family }) => family === "inet").map(({ local, prefixlen }) => `${local}/${prefixlen}`),
});

/** `-N` keeps the numbers of tables, which is wanted, and shows kinds of route as numbers (rtnetlink(7)), which is not. */
const TYPE_WORD: Partial<Record<string, string>> = { "6": "blackhole", "7": "unreachable", "8": "prohibit", "9": "throw" };

/** The kernel's own table of local addresses says nothing that the links do not. */
const LOCAL = ["local", "255"];

const typeWord = (type = "unicast"): string => (type === "unicast" || type === "1" ? "" : `${TYPE_WORD[type] ?? type} `);

function byTable(routes: readonly SeenRoute[]): Record<string, string[]> {
  const tables: Record<string, string[]> = {};
  for (const { type, dst, gateway, dev, table = "main" } of routes) {
    if (LOCAL.includes(table)) continue;
    (tables[table] ??= []).push([typeWord(type), dst, gateway ? ` via ${gateway}` : "", dev ? ` dev ${dev}` : ""].join(""));
  }
  return tables;
}
