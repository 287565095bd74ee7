import type { SeenRoute } from "@vpclab/shared/plan/kernel-state";
import { AF_INET, addressAt, addressBytes, destinationBytes, destinationText } from "./addresses";
import type { Listing, Message } from "./message";
import { MessageWriter, NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, NLM_F_REPLACE, eachAttribute } from "./message";
import type { NetlinkSocket } from "./netlink-socket";
import { linkIndex } from "./links";

// linux/rtnetlink.h
const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const RTM_GETROUTE = 26;
const RTMSG_BYTES = 12;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_TABLE = 15;
const RT_TABLE_LOCAL = 255;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RT_SCOPE_NOWHERE = 255;
const RTPROT_UNSPEC = 0;
export const RTPROT_KERNEL = 2;
const TYPES = ["unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw", "nat"];

/** A route as the plan names it; `type` may be any that was seen. */
export type RouteWords = Pick<SeenRoute, "type" | "destination" | "table" | "via" | "dev" | "protocol">;

/** In place of whatever leads to the destination in the table. Throws ENODEV, ENETUNREACH (gateway), ENETDOWN. */
export function replaceRoute(socket: NetlinkSocket, route: RouteWords): void {
  const scope = route.dev !== null && route.via === null ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  socket.order(routeRequest(socket, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, route, scope), about(route));
}

/** Only one that this protocol made. Throws ESRCH when there is none. */
export function deleteRoute(socket: NetlinkSocket, route: RouteWords): void {
  socket.order(routeRequest(socket, RTM_DELROUTE, NLM_F_ACK, route, RT_SCOPE_NOWHERE), about(route));
}

const about = ({ destination, table }: RouteWords): string => `route to ${destination} in table ${table}`;

function routeRequest(socket: NetlinkSocket, message: number, flags: number, route: RouteWords, scope: number): MessageWriter {
  const { bytes, length } = destinationBytes(route.destination);
  const table = Number(route.table);
  const request = new MessageWriter(message, flags)
    .u8(AF_INET).u8(length).u8(0).u8(0).u8(table < 256 ? table : 0).u8(route.protocol).u8(scope).u8(Math.max(0, TYPES.indexOf(route.type))).u32(0)
    .number(RTA_TABLE, table);
  if (length > 0) request.data(RTA_DST, bytes);
  if (route.via !== null) request.data(RTA_GATEWAY, addressBytes(route.via));
  if (route.dev !== null) request.number(RTA_OIF, linkIndex(socket, route.dev));
  return request;
}

export interface ListedRoute extends Omit<RouteWords, "dev"> {
  /** Index of the link, 0 for none. */
  readonly index: number;
}

const routesBy = (protocol: number): MessageWriter =>
  new MessageWriter(RTM_GETROUTE, NLM_F_DUMP).u8(AF_INET).u8(0).u8(0).u8(0).u8(0).u8(protocol).u8(0).u8(0).u32(0);

/** IPv4 routes that somebody configured: connected routes and the local table come and go with addresses. */
export const ROUTES: Listing<ListedRoute> = { about: "routes", request: routesBy(RTPROT_UNSPEC), read: readRoute };

/** Only those that one program made; the socket has to heed limits, else all are listed. */
export const routesOf = (protocol: number): Listing<ListedRoute> => ({
  about: "routes", request: routesBy(protocol), read: (message) => (message.bytes.readUInt8(message.start + 5) === protocol ? readRoute(message) : null),
});

/** Those of the kernel and of the local table, too. */
export const ALL_ROUTES: Listing<ListedRoute> = { about: "routes", request: routesBy(RTPROT_UNSPEC), read: readAnyRoute };

/** Most of a host's routes are the kernel's: they are left before their attributes are read. */
function readRoute(message: Message): ListedRoute | null {
  if (message.bytes.readUInt8(message.start + 5) === RTPROT_KERNEL) return null;
  const route = readAnyRoute(message);
  return Number(route.table) === RT_TABLE_LOCAL ? null : route;
}

function readAnyRoute({ bytes, start, end }: Message): ListedRoute {
  const protocol = bytes.readUInt8(start + 5);
  let table = bytes.readUInt8(start + 4), destination: string | null = null, via: string | null = null, index = 0;
  eachAttribute(bytes, start + RTMSG_BYTES, end, (type, from) => {
    if (type === RTA_TABLE) table = bytes.readUInt32LE(from);
    else if (type === RTA_DST) destination = addressAt(bytes, from);
    else if (type === RTA_GATEWAY) via = addressAt(bytes, from);
    else if (type === RTA_OIF) index = bytes.readUInt32LE(from);
  });
  const type = bytes.readUInt8(start + 7);
  return {
    type: TYPES[type] ?? String(type), destination: destinationText(destination, bytes.readUInt8(start + 1)),
    table: String(table), via, index, protocol,
  };
}
