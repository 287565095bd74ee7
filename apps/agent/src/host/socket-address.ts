import { AF_INET } from "./libc";

const BYTES = 16;

/** An IPv4 address in dotted form and a port as `struct sockaddr_in` (man 7 ip). */
export function socketAddress(address: string, port: number): Buffer {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeUInt16LE(AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  address.split(".").forEach((part, index) => bytes.writeUInt8(Number(part), 4 + index));
  return bytes;
}
