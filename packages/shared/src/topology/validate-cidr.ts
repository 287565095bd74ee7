import type { FieldPath, Issue } from "../errors/issue";
import { cidrFrom, formatCidr, overlaps, parseCidr } from "../net/cidr";

/** AWS: VPC and subnet blocks are /16 to /28. */
export const PREFIX_LENGTH = { min: 16, max: 28 } as const;

/** Never usable for hosts (RFC 6890): "this network", loopback, link-local (our transit links), multicast, reserved. */
export const RESERVED_PREFIXES = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"].map(cidrFrom);

/** The block of a VPC or a subnet by itself: plain decimal, canonical, /16–/28, not reserved. */
export function validateCidr(text: string, path: FieldPath, objectId?: string): Issue[] {
  const syntax = validatePrefix(text, path, objectId);
  const parsed = parseCidr(text);
  if (!parsed.ok) return syntax;
  const at = { severity: "error", path, objectId } as const;
  const { length } = parsed.value;
  if (length < PREFIX_LENGTH.min || length > PREFIX_LENGTH.max) {
    return [{ ...at, code: "PREFIX_RANGE", message: `/${length} is out of range; use /${PREFIX_LENGTH.min} to /${PREFIX_LENGTH.max}.` }];
  }
  const reserved = RESERVED_PREFIXES.find((prefix) => overlaps(prefix, parsed.value));
  if (!reserved) return [];
  return [{ ...at, code: "PREFIX_RESERVED", message: `${text} lies in ${formatCidr(reserved)}, which hosts cannot use; take a private range such as 10.0.0.0/16.` }];
}

/** Any IPv4 prefix, /0 to /32, in plain decimal and without host bits: what routes and rules may name. */
export function validatePrefix(text: string, path: FieldPath, objectId?: string): Issue[] {
  const parsed = parseCidr(text);
  if (parsed.ok) return [];
  const at = { severity: "error", path, objectId } as const;
  return parsed.error.kind === "host-bits"
    ? [{ ...at, code: "CIDR_NOT_CANONICAL", message: `Host bits are set; the network is ${parsed.error.canonical}.` }]
    : [{ ...at, code: "CIDR_SYNTAX", message: "Write an IPv4 prefix in plain decimal, like 10.0.0.0/16." }];
}
