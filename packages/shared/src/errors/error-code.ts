/**
 * Every error that may cross a process boundary has one of these codes. Codes are stable: programs compare them,
 * people search for them. What to do about a code stands in its message, beside the place that raises it.
 */
export const ERROR_CODES = [
  // shape of the input
  "SCHEMA", "JSON_SYNTAX", "JSON_DUPKEY", "JSON_LIMIT", "TOO_LARGE",
  // names
  "NAME_GRAMMAR", "NAME_LENGTH", "NAME_TAKEN",
  // addresses
  "CIDR_SYNTAX", "CIDR_NOT_CANONICAL", "PREFIX_RANGE", "PREFIX_RESERVED", "CIDR_OVERLAP", "CIDR_OUTSIDE_VPC",
  "ADDR_SYNTAX", "ADDR_OUTSIDE_SUBNET", "ADDR_RESERVED", "ADDR_TAKEN", "SUBNET_FULL", "VPC_FULL",
  // graph
  "ID_DUPLICATE", "REF_UNKNOWN", "PEER_SELF", "PEER_DUPLICATE", "PEER_OVERLAP", "IGW_DUPLICATE", "IN_USE", "PORT",
  "LIMIT_VPCS", "LIMIT_SUBNETS", "LIMIT_INSTANCES", "LIMIT_PEERINGS",
  // hints, never refusals
  "NO_INTERNET_GATEWAY", "IGW_UNUSED",
  // storage and sessions
  "CONFLICT", "NOT_FOUND", "UNAUTHENTICATED", "FORBIDDEN", "RATE_LIMITED", "INTERNAL",
  // host and agent
  "HOST_OFFLINE", "HOST_NAME_TAKEN", "AGENT_TIMEOUT", "COMMAND_FAILED", "KERNEL_REFUSED", "NOT_APPLIED", "PRIVILEGE",
  "POLICY_CIDR", "POLICY_LIMIT", "POLICY_FEATURE",
  // signed jobs
  "SIG_COUNT", "SIG_INVALID", "TYPE", "B64", "KEY_UNKNOWN", "AUD", "SESSION", "SEQ", "EXPIRED", "STALE", "EQUIVOCATION", "KIND",
  "PROTOCOL",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
