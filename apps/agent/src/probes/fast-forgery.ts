import { socketAddress } from "../host/socket-address";

const IP_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;
const IPPROTO_UDP = 17;
const TIME_TO_LIVE = 64;

interface End {
  readonly address: string;
  readonly port: number;
}

/** A UDP datagram with its IP header (RFC 791, RFC 768). The kernel fills in length, id and checksum of the header; that of UDP may be left out. */
export function forgedDatagram(from: End, to: End, body: Buffer): Buffer {
  const packet = Buffer.alloc(IP_HEADER_BYTES + UDP_HEADER_BYTES + body.length);
  packet[0] = 0x45;
  packet[8] = TIME_TO_LIVE;
  packet[9] = IPPROTO_UDP;
  addressBytes(from.address).copy(packet, 12);
  addressBytes(to.address).copy(packet, 16);
  packet.writeUInt16BE(from.port, IP_HEADER_BYTES);
  packet.writeUInt16BE(to.port, IP_HEADER_BYTES + 2);
  packet.writeUInt16BE(UDP_HEADER_BYTES + body.length, IP_HEADER_BYTES + 4);
  body.copy(packet, IP_HEADER_BYTES + UDP_HEADER_BYTES);
  return packet;
}

const addressBytes = (address: string): Buffer => socketAddress(address, 0).subarray(4, 8);
