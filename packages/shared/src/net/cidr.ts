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

const [ZERO, NINE, DOT] = [0x30, 0x39, 0x2e];
const TEXT_LENGTH_MAX = "255.255.255.255/32".length;

/** Dotted decimal to number, or null. No leading zeros, no short forms. */
export const parseAddress = (text: string): number | null => addressIn(text, text.length);

/** The address that the first `end` characters of a text are. By hand, because documents hold thousands of them. */
function addressIn(text: string, end: number): number | null {
  if (end > TEXT_LENGTH_MAX) return null;
  let value = 0;
  let dots = 0;
  let octet = -1;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (octet < 0 || ++dots > 3) return null;
      value = value * 256 + octet;
      octet = -1;
    } else {
      if (code < ZERO || code > NINE || octet === 0) return null;
      octet = (octet < 0 ? 0 : octet) * 10 + code - ZERO;
      if (octet > 255) return null;
    }
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : null;
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
  const slash = text.indexOf("/");
  const address = slash > 0 ? addressIn(text, slash) : null;
  const length = address === null ? null : lengthAfter(text, slash);
  if (address === null || length === null) return err({ kind: "syntax" });
  const cidr = cidrOf(address, length);
  return cidr.base === address ? ok(cidr) : err({ kind: "host-bits", canonical: formatCidr(cidr) });
}

/** One or two digits, no leading zero, at most 32. */
function lengthAfter(text: string, slash: number): number | null {
  const digits = text.length - slash - 1;
  const first = text.charCodeAt(slash + 1) - ZERO;
  if (digits < 1 || digits > 2 || !(first >= 0 && first <= 9)) return null;
  if (digits === 1) return first;
  const second = text.charCodeAt(slash + 2) - ZERO;
  const length = first * 10 + second;
  return first > 0 && second >= 0 && second <= 9 && length <= 32 ? length : null;
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
