import type { SeenNamespace, SeenRoute } from "@vpclab/shared/plan/kernel-state";
import { ROUTE_PROTOCOL } from "@vpclab/shared/plan/kernel-state";
import { parseMark } from "@vpclab/shared/plan/mark";
import { netnsCookie } from "../host/libc";
import type { ListedLink } from "./netlink/links";
import { listLinks } from "./netlink/links";
import type { ListedAddress } from "./netlink/link-addresses";
import { listAddresses } from "./netlink/link-addresses";
import { NETLINK_ROUTE, NetlinkSocket } from "./netlink/netlink-socket";
import { listRoutes } from "./netlink/routes";
import { listRules } from "./netlink/rules";

/** What rtnetlink says of a namespace. */
export type SeenNetwork = Pick<SeenNamespace, "mark" | "loopbackUp" | "loopbackAddresses" | "links" | "routes" | "rules">;

/**
 * Devices that a module makes in every network namespace by itself (net.core.fb_tunnels_only_for_init_net 0) and that
 * cannot be deleted there.
 */
const FALLBACK_DEVICES: ReadonlySet<string> = new Set([
  "tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0",
]);

/** What `lo` has by itself when it is up. */
const LOOPBACK_OWN: readonly string[] = ["127.0.0.1/8", "0:0:0:0:0:0:0:1/128"];

/** The namespace in which this thread is: of a host only what is ours, of any other everything somebody configured. */
export function observeNetwork(isHost: boolean): { readonly network: SeenNetwork; readonly cookie: bigint | null } {
  const socket = new NetlinkSocket(NETLINK_ROUTE);
  try {
    return { network: readNetwork(socket, isHost), cookie: netnsCookie(socket.fd) };
  } finally {
    socket.close();
  }
}

function readNetwork(socket: NetlinkSocket, isHost: boolean): SeenNetwork {
  const all = listLinks(socket);
  const loopback = all.find((link) => link.name === "lo");
  const addresses = addressesByIndex(listAddresses(socket));
  const names = new Map(all.map((link) => [link.index, link.name]));
  const links = all
    .filter((link) => link !== loopback && (isHost ? parseMark(link.alias) !== null : !FALLBACK_DEVICES.has(link.name)))
    .map((link) => seenLink(link, names, addresses));
  const onLoopback = isHost ? [] : (addresses.get(loopback?.index ?? 0) ?? []);
  return {
    mark: isHost ? "" : (loopback?.alias ?? ""),
    loopbackUp: loopback?.up ?? false,
    loopbackAddresses: onLoopback.filter((address) => !LOOPBACK_OWN.includes(address)),
    links,
    routes: seenRoutes(socket, names, isHost),
    rules: isHost ? [] : listRules(socket),
  };
}

function addressesByIndex(addresses: readonly ListedAddress[]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const { index, address } of addresses) {
    const known = found.get(index);
    if (known) known.push(address);
    else found.set(index, [address]);
  }
  return found;
}

const seenLink = (link: ListedLink, names: ReadonlyMap<number, string>, addresses: ReadonlyMap<number, readonly string[]>) => ({
  name: link.name, kind: link.kind, mac: link.mac, alias: link.alias, up: link.up, mtu: link.mtu,
  master: names.get(link.master) ?? null, addresses: addresses.get(link.index) ?? [],
});

const seenRoutes = (socket: NetlinkSocket, names: ReadonlyMap<number, string>, isHost: boolean): SeenRoute[] =>
  listRoutes(socket)
    .filter((route) => !isHost || route.protocol === ROUTE_PROTOCOL.vpclab)
    .map(({ index, ...route }) => ({ ...route, dev: names.get(index) ?? null }));
