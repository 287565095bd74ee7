import { KernelRefusal, type NetlinkSocket } from "./netlink-socket";
import type { Listing, Message } from "./message";
import { MessageWriter, NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, eachAttribute, textAt } from "./message";
import { macAt, macBytes } from "./addresses";

// linux/rtnetlink.h, linux/if_link.h
const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_GETLINK = 18;
const IFINFO_BYTES = 16;
const IFF_UP = 1;
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_MASTER = 10;
const IFLA_LINKINFO = 18;
const IFLA_IFALIAS = 20;
const IFLA_NET_NS_FD = 28;
const IFLA_EXT_MASK = 29;
const IFLA_GSO_IPV4_MAX_SIZE = 63;
const IFLA_GRO_IPV4_MAX_SIZE = 64;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const VETH_INFO_PEER = 1;
const RTEXT_FILTER_SKIP_STATS = 8;

/** `ip link`: orders name the link, not its index, so that no look-up goes before. */
function linkRequest(type: number, flags: number, { up = false, index = 0 } = {}): MessageWriter {
  const state = up ? IFF_UP : 0;
  return new MessageWriter(type, flags).u8(0).u8(0).u16(0).u32(index).u32(state).u32(state);
}

/**
 * Bytes of TCP that travel as one packet until somebody has to cut them (64 KiB without this): bridges and filters are paid
 * per packet, so a routed way then carries what a bare veth pair does. Kernels before 6.3 ignore it.
 */
const IPV4_PACKET_BYTES_MAX = 192 * 1024;
const withLargePackets = (attributes: MessageWriter): MessageWriter =>
  attributes.number(IFLA_GSO_IPV4_MAX_SIZE, IPV4_PACKET_BYTES_MAX).number(IFLA_GRO_IPV4_MAX_SIZE, IPV4_PACKET_BYTES_MAX);

export interface NewLink {
  readonly name: string;
  readonly mac: string;
}

export function addBridge(socket: NetlinkSocket, { name, mac }: NewLink): void {
  socket.order(linkRequest(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL)
    .text(IFLA_IFNAME, name).data(IFLA_ADDRESS, macBytes(mac))
    .nested(IFLA_LINKINFO, (info) => info.text(IFLA_INFO_KIND, "bridge")), name);
}

/** A veth pair with its other end in the namespace of an open descriptor: both ends appear at once. */
export function addVeth(socket: NetlinkSocket, link: NewLink, peer: NewLink & { readonly namespaceDescriptor: number }): void {
  socket.order(withLargePackets(linkRequest(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL))
    .text(IFLA_IFNAME, link.name).data(IFLA_ADDRESS, macBytes(link.mac))
    .nested(IFLA_LINKINFO, (info) => info.text(IFLA_INFO_KIND, "veth")
      .nested(IFLA_INFO_DATA, (data) => data
        .nested(VETH_INFO_PEER, (other) => withLargePackets(other
          // struct ifinfomsg, then attributes as of any link
          .u8(0).u8(0).u16(0).u32(0).u32(0).u32(0))
          .text(IFLA_IFNAME, peer.name).data(IFLA_ADDRESS, macBytes(peer.mac)).number(IFLA_NET_NS_FD, peer.namespaceDescriptor)))), `${link.name} and ${peer.name}`);
}

export const deleteLink = (socket: NetlinkSocket, name: string): void =>
  socket.order(linkRequest(RTM_DELLINK, NLM_F_ACK).text(IFLA_IFNAME, name), name);

export interface LinkSettings {
  readonly alias?: string;
  readonly mac?: string;
  readonly mtu?: number;
  /** Bridge to plug it into; null unplugs it. */
  readonly master?: string | null;
  readonly up?: true;
}

/** One order for all of the settings. Throws ENODEV when there is no such link. */
export function setLink(socket: NetlinkSocket, name: string, { alias, mac, mtu, master, up }: LinkSettings): void {
  const request = linkRequest(RTM_NEWLINK, NLM_F_ACK, up ? { up } : {}).text(IFLA_IFNAME, name);
  if (alias !== undefined) request.data(IFLA_IFALIAS, Buffer.from(alias));
  if (mac !== undefined) request.data(IFLA_ADDRESS, macBytes(mac));
  if (mtu !== undefined) request.number(IFLA_MTU, mtu);
  const bridge = typeof master === "string" ? linkIndex(socket, master) : 0;
  if (master !== undefined) request.number(IFLA_MASTER, bridge);
  socket.order(request, name);
  if (bridge !== 0) letBridgeTakeLargePackets(socket, bridge);
}

/** A bridge takes what all of its ports do: so only now, when it has one. Somebody else's port may forbid it, which is no failure. */
function letBridgeTakeLargePackets(socket: NetlinkSocket, bridge: number): void {
  try {
    socket.order(withLargePackets(linkRequest(RTM_NEWLINK, NLM_F_ACK, { index: bridge })), "the bridge");
  } catch (error) {
    if (!(error instanceof KernelRefusal) || error.code !== "EINVAL") throw error;
  }
}

/** Index of a link by its name. Throws ENODEV when there is none. */
export const linkIndex = (socket: NetlinkSocket, name: string): number =>
  socket.ask(linkRequest(RTM_GETLINK, NLM_F_ACK).text(IFLA_IFNAME, name).number(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS), name,
    ({ bytes, start }) => bytes.readInt32LE(start + 4));

export interface ListedLink {
  readonly index: number;
  readonly name: string;
  /** `veth`, `bridge` and so on; empty for devices without one, such as `lo`. */
  readonly kind: string;
  readonly mac: string;
  readonly alias: string;
  readonly mtu: number;
  /** As set by somebody (IFF_UP), whatever the cable says. */
  readonly up: boolean;
  /** Index of the bridge it is plugged into, 0 for none. */
  readonly master: number;
}

export const LINKS: Listing<ListedLink> = {
  about: "links",
  request: linkRequest(RTM_GETLINK, NLM_F_DUMP).number(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS),
  read: readLink,
};

function readLink({ bytes, start, end }: Message): ListedLink {
  let name = "", kind = "", mac = "", alias = "", mtu = 0, master = 0;
  eachAttribute(bytes, start + IFINFO_BYTES, end, (type, from, to) => {
    if (type === IFLA_IFNAME) name = textAt(bytes, from, to);
    else if (type === IFLA_ADDRESS) mac = macAt(bytes, from, to);
    else if (type === IFLA_MTU) mtu = bytes.readUInt32LE(from);
    else if (type === IFLA_MASTER) master = bytes.readUInt32LE(from);
    else if (type === IFLA_IFALIAS) alias = textAt(bytes, from, to);
    else if (type === IFLA_LINKINFO) {
      eachAttribute(bytes, from, to, (inner, first, last) => {
        if (inner === IFLA_INFO_KIND) kind = textAt(bytes, first, last);
      });
    }
  });
  return { index: bytes.readInt32LE(start + 4), name, kind, mac, alias, mtu, up: (bytes.readUInt32LE(start + 8) & IFF_UP) !== 0, master };
}
