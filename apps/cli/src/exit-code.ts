import type { ErrorCode } from "@vpclab/shared/errors/error-code";

/** What the program ends with. Stable: scripts compare them. */
export const EXIT = {
  ok: 0,
  /** Something of it is not in place, or a test did not come out as asked. */
  failed: 1,
  /** Wrong usage or bad input; nothing was done. */
  usage: 2,
  /** No server, no root, locked, not allowed. */
  unreachable: 3,
  notFound: 4,
  /** It is there with other content, or was changed meanwhile. */
  conflict: 5,
  /** Ctrl-C, as a shell has it. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const { failed, usage, unreachable, notFound, conflict } = EXIT;

const OF_CODE: Record<ErrorCode, ExitCode> = {
  SCHEMA: usage, JSON_SYNTAX: usage, JSON_DUPKEY: usage, JSON_LIMIT: usage, TOO_LARGE: usage,
  NAME_GRAMMAR: usage, NAME_LENGTH: usage, NAME_TAKEN: conflict, TEXT_CONTROL: usage,
  CIDR_SYNTAX: usage, CIDR_NOT_CANONICAL: usage, PREFIX_RANGE: usage, PREFIX_RESERVED: usage, CIDR_OVERLAP: usage, CIDR_OUTSIDE_VPC: usage,
  ADDR_SYNTAX: usage, ADDR_OUTSIDE_SUBNET: usage, ADDR_RESERVED: usage, ADDR_TAKEN: usage, SUBNET_FULL: usage, VPC_FULL: usage,
  ROUTE_DUPLICATE: usage, ROUTE_LOCAL: usage, ROUTE_TARGET: usage, ROUTE_LOOP: usage,
  PORT_RANGE: usage, PORT_PROTOCOL: usage, RULE_NUMBER: usage, RULE_DUPLICATE: usage,
  ID_DUPLICATE: usage, REF_UNKNOWN: notFound, PEER_SELF: usage, PEER_DUPLICATE: conflict, PEER_OVERLAP: usage, PEER_FIXED: usage, PEER_HOST: usage,
  IGW_DUPLICATE: conflict, IN_USE: conflict, PORT: usage, PORT_TAKEN: conflict, EIP_TAKEN: conflict, GROUP_MISSING: usage,
  LIMIT_VPCS: usage, LIMIT_SUBNETS: usage, LIMIT_INSTANCES: usage, LIMIT_PEERINGS: usage, LIMIT_NAT_GATEWAYS: usage, LIMIT_ELASTIC_IPS: usage,
  LIMIT_ROUTE_TABLES: usage, LIMIT_ROUTES: usage, LIMIT_SECURITY_GROUPS: usage, LIMIT_GROUPS_PER_INSTANCE: usage, LIMIT_NETWORK_ACLS: usage,
  LIMIT_RULES: usage, LIMIT_PUBLISHED_PORTS: usage,
  // Hints are never thrown; listed so that no code is forgotten.
  NO_INTERNET_GATEWAY: usage, IGW_UNUSED: usage, ROUTE_BLACKHOLE: usage, ROUTE_ONE_SIDED: usage, GROUP_STALE: usage, NAT_NO_ADDRESS: usage,
  NAT_NOT_PUBLIC: usage, EIP_UNREACHABLE: usage, RULE_SHADOWED: usage, NO_PUBLIC_ADDRESS: usage, VPC_OVERLAP: usage, PEER_UNUSED: usage, NAT_UNUSED: usage,
  SOURCE_DEST_CHECK: usage, GROUP_EMPTY: usage, RULE_REDUNDANT: usage, ACL_NO_ANSWERS: usage, GROUP_UNUSED: usage, TABLE_UNUSED: usage, ACL_UNUSED: usage,
  CONFLICT: conflict, NOT_FOUND: notFound, UNAUTHENTICATED: unreachable, FORBIDDEN: unreachable, RATE_LIMITED: unreachable, UNAVAILABLE: unreachable, INTERNAL: failed, AUDIT_CHAIN: failed,
  HOST_OFFLINE: unreachable, HOST_NAME_TAKEN: conflict, AGENT_TIMEOUT: unreachable, COMMAND_FAILED: failed, STEP_TIMEOUT: failed, KERNEL_REFUSED: failed,
  NOT_APPLIED: failed, NOT_CONFIRMED: unreachable, CANCELLED: failed, PRIVILEGE: unreachable,
  POLICY_CIDR: usage, POLICY_LIMIT: usage, POLICY_FEATURE: usage, POLICY_UPLINK: usage, POOL_EMPTY: failed, POOL_NONE: failed, HOST_OVERLAP: conflict,
  SIG_COUNT: failed, SIG_INVALID: failed, TYPE: failed, B64: failed, KEY_UNKNOWN: unreachable, AUD: failed, SESSION: failed, SEQ: failed, EPOCH: failed,
  EXPIRED: failed, STALE: conflict, EQUIVOCATION: failed, KIND: failed, PROTOCOL: unreachable,
};

export const exitCodeOf = (code: ErrorCode): ExitCode => OF_CODE[code];
