import type { NamespaceState, NftTable, NftValue } from "./kernel-state";
import { ROUTE_PROTOCOL } from "./kernel-state";
import type { Look } from "./look";

export interface HostLooks {
  readonly looks: readonly Look[];
  /** Links of this topology that have no room. */
  readonly leftOut: number;
}

/** Two chains, a link and its routes each. */
const LINKS_MAX = 5;
const TABLE = "inet vpclab";

/**
 * What one topology has on the host: its links, the routes over them, and its part of the one table. Of the machine itself nothing
 * is read, and of the table all only where no other topology stands in it, because that is none of this one's business.
 */
export function looksAtHost(host: NamespaceState): HostLooks {
  const links = host.links.map(({ name }) => name);
  const read = links.slice(0, LINKS_MAX);
  const routed = new Set(host.routes.map(({ dev }) => dev));
  const ip = (...args: string[]): Look => ({ tool: "ip", namespace: host.name, args });
  return {
    looks: [
      ...(links.length > 0 && host.nft ? tableOf(host.nft, new Set(links), read).map((script): Look => ({ tool: "nft", namespace: host.name, script })) : []),
      ...read.map((link) => ip("-s", "addr", "show", "dev", link)),
      ...read.filter((link) => routed.has(link)).map((link) => ip("route", "show", "dev", link, "proto", String(ROUTE_PROTOCOL.vpclab))),
    ],
    leftOut: links.length - read.length,
  };
}

function tableOf(table: NftTable, own: ReadonlySet<string>, read: readonly string[]): string[] {
  if ([...namedLinks(table)].every((link) => own.has(link))) return [`list table ${TABLE}`];
  const chains = new Set(table.chains.map(({ name }) => name));
  return read.flatMap((link) => [`from-${link}`, `to-${link}`]).filter((chain) => chains.has(chain)).map((chain) => `list chain ${TABLE} ${chain}`);
}

/** The host is closed to all links of ours, so the rule that says so names them all. */
function namedLinks({ chains }: NftTable): ReadonlySet<string> {
  const links = new Set<string>();
  const add = (value: NftValue): void => {
    if (typeof value === "string") links.add(value);
    else if (typeof value === "object" && "set" in value) value.set.forEach(add);
  };
  for (const { expressions } of chains.flatMap(({ rules }) => rules).filter(({ comment }) => comment === CLOSED)) {
    for (const expression of expressions) if ("match" in expression) add(expression.match.right);
  }
  return links;
}
const CLOSED = "host-closed";
