import type { ProbeEnd, ProbeHop } from "./probe";

/** What is asked: one packet and its answer. */
export interface Flow {
  readonly source: ProbeEnd;
  readonly destination: ProbeEnd;
  readonly protocol: "icmp" | "tcp" | "udp";
  /** Destination port as the target sees it (without a pool the internet asks at the port of the host that leads there); null for icmp. */
  readonly port: number | null;
  /** Source port, where it is known; otherwise any of Linux's ephemeral ones (32768–60999) must be let back. */
  readonly sourcePort?: number;
}

/** What of the host matters to a drawing's promises. */
export interface HostFacts {
  /** It has a pool of public addresses: an instance needs one of its own for the internet. Else gateways share the host's. */
  readonly publicPool: boolean;
  /** Those that it has given, by id of Elastic IP or instance, where they are known. */
  readonly publicAddresses?: Readonly<Record<string, string>>;
}

/**
 * Reachability Analyzer's explanation codes, the ones that this model can give
 * (docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html). Deviations from AWS's list: REACHABLE and
 * ROUTE_TABLE_LOOP are not on it; ENI_ADDRESS_RESTRICTION stands for a packet (or an answer) that arrives at somebody else, who
 * has the same address in the VPC where it is routed; FIREWALL_RULES_RESTRICTION, AWS's for a rule of Network Firewall that
 * matches, stands for a subnet's own firewall, its default included. SG_REFERENCES_NOT_PRESERVED is not given: our groups know
 * members by address, so that a reference also matches behind a middlebox. The three of the host are ours: it answers nothing that
 * comes from a VPC (HOST_CLOSED_TO_VPCS), lets what does out by its uplink only, so that nobody's public address is reached from
 * there (HOST_UPLINK_ONLY), and has no way into a VPC whose switch is off (HOST_ACCESS_DISABLED).
 */
export const EXPLANATION_CODES = [
  "REACHABLE",
  "ENI_SG_RULES_MISMATCH", "SG_HAS_NO_RULES", "SUBNET_ACL_RESTRICTION", "FIREWALL_RULES_RESTRICTION",
  "NO_ROUTE_TO_DESTINATION", "BAD_STATE_ROUTE", "ROUTE_TABLE_LOOP",
  "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
  "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS",
  "NGW_DEST_ADDRESS_PRESERVATION", "NGW_SOURCE_ADDRESS_REASSIGN",
  "ENI_SOURCE_DEST_CHECK_RESTRICTION", "ENI_ADDRESS_RESTRICTION", "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
  "HOST_CLOSED_TO_VPCS", "HOST_UPLINK_ONLY", "HOST_ACCESS_DISABLED",
  "NO_POSSIBLE_DESTINATION", "DISCONNECTED_VPCS", "NO_PATH", "NO_SOURCE_OR_DESTINATION",
] as const;
export type ExplanationCode = (typeof EXPLANATION_CODES)[number];

/** One place on the way, with what let the packet pass there (or stopped it). */
export interface Hop extends ProbeHop {
  /** Object whose rule or route was decisive at this place: a route table, security group, ACL, subnet with a firewall; null where nothing decides. */
  readonly by: string | null;
  /** What happens here in a few words, e.g. `route 0.0.0.0/0 → igw`, `rule 100 allows tcp 80`. */
  readonly note: string;
  readonly verdict: "pass" | "stop";
}

/** The one rule or route that decides, for a link into the inspector. */
export interface Decision {
  readonly code: ExplanationCode;
  /** Object that holds it. */
  readonly objectId: string | null;
  /** `sgr-…` of a group, `ingress 100` of an ACL, `ingress 2` (second of its direction) of a firewall, destination of a route; null when it is the lack of one. */
  readonly rule: string | null;
}

/** What the drawing promises for one flow, before any packet is sent. */
export interface Verdict {
  /** The packet arrives and its answer comes back; whether something listens there is another matter. */
  readonly reachable: boolean;
  /** One sentence: what decides, with names as drawn, and what to change where it stops. */
  readonly why: string;
  readonly decision: Decision;
  /** There, up to where it ends. */
  readonly there: readonly Hop[];
  /** Back; empty when it never arrives. */
  readonly back: readonly Hop[];
}
