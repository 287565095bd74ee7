import { AppError } from "@vpclab/shared/errors/app-error";
import type { HostNetwork } from "@vpclab/shared/plan/kernel";
import { inNamespace } from "../host/in-namespace";
import { ADDRESSES } from "./netlink/link-addresses";
import { LINKS } from "./netlink/links";
import { NETLINK_ROUTE, NetlinkSocket } from "./netlink/netlink-socket";
import { ALL_ROUTES, RTPROT_KERNEL } from "./netlink/routes";
import type { HostNetns } from "./place";

/** Half of everything, which VPN programs route in two halves: a default route by another name. */
const DEFAULT_LENGTH_MAX = 1;

/**
 * What the host knows of IPv4: routes of every table, and addresses, whose routes are away while their link is down. A sandbox's
 * host that is not there knows nothing: after a restart of the machine it is made when something needs it.
 */
export function hostNetworks(host: HostNetns): HostNetwork[] {
  try {
    return readNetworks(host);
  } catch (error) {
    if (error instanceof AppError && error.code === "NOT_FOUND") return [];
    throw error;
  }
}

function readNetworks(host: HostNetns): HostNetwork[] {
  return inNamespace(host, () => {
    const socket = new NetlinkSocket(NETLINK_ROUTE);
    try {
      const names = new Map(socket.list(LINKS).map(({ index, name }) => [index, name]));
      const routes = socket.list(ALL_ROUTES).filter(({ type }) => type !== "multicast" && type !== "broadcast")
        .map(({ destination, index, protocol }) => ({ destination, dev: names.get(index) ?? null, protocol }));
      const addresses = socket.list(ADDRESSES).filter(({ address }) => !address.includes(":"))
        .map(({ address, index }) => ({ destination: address, dev: names.get(index) ?? null, protocol: RTPROT_KERNEL }));
      return [...routes, ...addresses].filter(({ destination }) => lengthOf(destination) > DEFAULT_LENGTH_MAX);
    } finally {
      socket.close();
    }
  });
}

const lengthOf = (destination: string): number => (destination === "default" ? 0 : Number(destination.split("/")[1] ?? 32));
