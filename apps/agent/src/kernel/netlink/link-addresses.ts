import { AF_INET, addressAt, addressBytes, bytesOfSeen, longAddressAt } from "./addresses";
import type { Listing, Message } from "./message";
import { MessageWriter, NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, eachAttribute } from "./message";
import { KernelRefusal, type NetlinkSocket } from "./netlink-socket";
import { linkIndex } from "./links";

// linux/if_addr.h
const RTM_NEWADDR = 20;
const RTM_DELADDR = 21;
const RTM_GETADDR = 22;
const IFADDR_BYTES = 8;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const SCOPE_UNIVERSE = 0;

const addressRequest = (type: number, flags: number, family: number, length: number, index: number): MessageWriter =>
  new MessageWriter(type, flags).u8(family).u8(length).u8(0).u8(SCOPE_UNIVERSE).u32(index);

const split = (address: string): [string, number] => {
  const [bare = "", length = ""] = address.split("/");
  return [bare, Number(length)];
};

/** `10.0.1.1/24` on a link. Throws EEXIST, ENODEV. */
export function addAddress(socket: NetlinkSocket, link: string, address: string): void {
  const [bare, length] = split(address);
  const bytes = addressBytes(bare);
  socket.order(addressRequest(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, AF_INET, length, linkIndex(socket, link))
    .data(IFA_LOCAL, bytes).data(IFA_ADDRESS, bytes), `${address} on ${link}`);
}

/** An address as it was seen, of either family. Throws EADDRNOTAVAIL when the link does not have it. */
export function deleteAddress(socket: NetlinkSocket, link: string, address: string): void {
  const [bare, length] = split(address);
  const { family, bytes } = bytesOfSeen(bare);
  const index = linkIndex(socket, link);
  const request = () => addressRequest(RTM_DELADDR, NLM_F_ACK, family, length, index).data(IFA_LOCAL, bytes);
  try {
    socket.order(request().data(IFA_ADDRESS, bytes), `${address} on ${link}`);
  } catch (error) {
    // One with a peer (a point-to-point link) is found by its own end alone.
    if (!(error instanceof KernelRefusal) || error.code !== "EADDRNOTAVAIL") throw error;
    socket.order(request(), `${address} on ${link}`);
  }
}

export interface ListedAddress {
  /** Of its link. */
  readonly index: number;
  /** With prefix length. */
  readonly address: string;
}

/** Addresses that somebody configured: the kernel gives itself fe80:: ones. */
export const ADDRESSES: Listing<ListedAddress> = {
  about: "addresses", request: addressRequest(RTM_GETADDR, NLM_F_DUMP, 0, 0, 0), read: readAddress,
};

const LINK_LOCAL = 0xfe80;

function readAddress({ bytes, start, end }: Message): ListedAddress | null {
  let local = 0, address = 0;
  eachAttribute(bytes, start + IFADDR_BYTES, end, (type, from) => {
    if (type === IFA_LOCAL) local = from;
    else if (type === IFA_ADDRESS) address = from;
  });
  const at = local || address;
  const isIpv4 = bytes.readUInt8(start) === AF_INET;
  if (!isIpv4 && bytes.readUInt16BE(at) === LINK_LOCAL) return null;
  const text = isIpv4 ? addressAt(bytes, at) : longAddressAt(bytes, at);
  return { index: bytes.readUInt32LE(start + 4), address: `${text}/${bytes.readUInt8(start + 1)}` };
}
