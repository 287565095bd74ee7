import { parseAddress } from "@vpclab/shared/net/cidr";

export const AF_INET = 2;
export const AF_INET6 = 10;

/** Bytes of an IPv4 address; throws on anything else. */
export function addressBytes(text: string): Buffer {
  const address = parseAddress(text);
  if (address === null) throw new Error(`not an IPv4 address: ${text}`);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(address);
  return bytes;
}

export const addressAt = (bytes: Buffer, start: number): string => `${bytes[start]}.${bytes[start + 1]}.${bytes[start + 2]}.${bytes[start + 3]}`;

/** IPv6 in full, which iproute2 reads as well as the short form: we never set one, we only see and remove them. */
export const longAddressAt = (bytes: Buffer, start: number): string =>
  Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(start + index * 2).toString(16)).join(":");

/** The inverse of `longAddressAt` and `addressAt`. */
export function bytesOfSeen(text: string): { readonly family: number; readonly bytes: Buffer } {
  if (!text.includes(":")) return { family: AF_INET, bytes: addressBytes(text) };
  const bytes = Buffer.alloc(16);
  text.split(":").forEach((part, index) => bytes.writeUInt16BE(parseInt(part, 16), index * 2));
  return { family: AF_INET6, bytes };
}

/** `10.0.1.0/24` or `default` as bytes and length. */
export function destinationBytes(text: string): { readonly bytes: Buffer; readonly length: number } {
  if (text === "default") return { bytes: Buffer.alloc(0), length: 0 };
  const [address = "", length] = text.split("/");
  return { bytes: addressBytes(address), length: length === undefined ? 32 : Number(length) };
}

/** The inverse of `destinationBytes`, as iproute2 writes it: a single address has no length. */
export function destinationText(address: string | null, length: number): string {
  if (length === 0) return "default";
  return length === 32 ? (address ?? "0.0.0.0") : `${address ?? "0.0.0.0"}/${length}`;
}

export function macBytes(text: string): Buffer {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text)) throw new Error(`not a MAC address: ${text}`);
  return Buffer.from(text.replaceAll(":", ""), "hex");
}

export function macAt(bytes: Buffer, start: number, end: number): string {
  const hex = bytes.toString("hex", start, end);
  let text = hex.slice(0, 2);
  for (let at = 2; at < hex.length; at += 2) text += `:${hex.slice(at, at + 2)}`;
  return text;
}
