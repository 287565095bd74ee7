import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";

/**
 * IPv4 addresses as unsigned 32-bit numbers and prefixes as {base, length}. Parsing is strict on purpose: `ip` and `nft`
 * read `010.0.0.1` as 8.0.0.1, `10/8` as 10.0.0.0/8 and host names as addresses, so nothing but plain decimal gets through.
 */
export interface Cidr {
  /** Network address, host bits zero. */
  readonly base: number;
  readonly length: number;
}

export type CidrProblem =
  | { readonly kind: "syntax" }
  /** Valid address and length, but host bits are set; `canonical` is what was probably meant. */
  | { readonly kind: "host-bits"; readonly canonical: string };

const OCTET = "(0|[1-9][0-9]{0,2})";
const ADDRESS_PATTERN = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);
const CIDR_PATTERN = /^([0-9.]{7,15})\/(0|[1-9][0-9]?)$/;

/** Dotted decimal to number, or null. No leading zeros, no short forms. */
export function parseAddress(text: string): number | null {
  const match = ADDRESS_PATTERN.exec(text);
  if (!match) return null;
  let value = 0;
  for (const octetText of match.slice(1)) {
    const octet = Number(octetText);
    if (octet > 255) return null;
    value = value * 256 + octet;
  }
  return value;
}

export function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

export const sizeOf = (cidr: Cidr): number => 2 ** (32 - cidr.length);
export const firstAddress = (cidr: Cidr): number => cidr.base;
export const lastAddress = (cidr: Cidr): number => cidr.base + sizeOf(cidr) - 1;
export const formatCidr = (cidr: Cidr): string => `${formatAddress(cidr.base)}/${cidr.length}`;

/** A prefix with its host bits cut (AWS: 100.68.0.18/18 becomes 100.68.0.0/18). `length` 0 to 32. */
export function cidrOf(address: number, length: number): Cidr {
  const size = 2 ** (32 - length);
  return { base: Math.floor(address / size) * size, length };
}

export function parseCidr(text: string): Result<Cidr, CidrProblem> {
  const match = CIDR_PATTERN.exec(text);
  const address = match ? parseAddress(match[1] ?? "") : null;
  const length = match ? Number(match[2]) : NaN;
  if (address === null || !(length <= 32)) return err({ kind: "syntax" });
  const cidr = cidrOf(address, length);
  return cidr.base === address ? ok(cidr) : err({ kind: "host-bits", canonical: formatCidr(cidr) });
}

/** For prefixes that were validated before: throws on anything else. */
export function cidrFrom(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(`not a canonical IPv4 prefix: ${text}`);
  return parsed.value;
}

export const containsAddress = (cidr: Cidr, address: number): boolean =>
  address >= firstAddress(cidr) && address <= lastAddress(cidr);

export const containsCidr = (outer: Cidr, inner: Cidr): boolean =>
  inner.length >= outer.length && containsAddress(outer, inner.base);

export const overlaps = (a: Cidr, b: Cidr): boolean => containsCidr(a, b) || containsCidr(b, a);

/** The first free prefix of `length` inside `outer` that meets none of `taken`, lowest first; null when there is none. */
export function nextFreeCidr(outer: Cidr, length: number, taken: readonly Cidr[]): Cidr | null {
  const size = 2 ** (32 - length);
  const blocking = [...taken].sort((a, b) => a.base - b.base);
  let candidate: Cidr = { base: outer.base, length };
  while (candidate.base + size - 1 <= lastAddress(outer)) {
    const blocker = blocking.find((other) => overlaps(other, candidate));
    if (!blocker) return candidate;
    candidate = { base: Math.ceil((lastAddress(blocker) + 1) / size) * size, length };
  }
  return null;
}
