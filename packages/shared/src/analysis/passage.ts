import type { Direction, ElasticIp, InternetGateway, NetworkAclEntry, Peering, PublishedPort } from "../topology/topology";
import type { DrawnInstance, DrawnNatGateway, DrawnSubnet, DrawnVpc, NetworkInterface } from "./drawing";
import type { NumberedRule } from "./firewall";
import type { Packet } from "./packet";
import type { RouteDecision } from "./routing";
import type { PreparedRule } from "./security-groups";

/** How an internet gateway translates: to a public address of the interface's own, or to the host's. */
export type Translation =
  | { readonly kind: "elastic-ip"; readonly elasticIp: ElasticIp }
  | { readonly kind: "auto-assigned" }
  | { readonly kind: "host-address" }
  | { readonly kind: "published-port"; readonly published: PublishedPort }
  /** Back to what it was before: the answer in a connection that was let through. */
  | { readonly kind: "answer" };

/** A place that a packet got past, and what let it. */
export type Passage =
  | { readonly at: "security-group"; readonly instance: DrawnInstance; readonly direction: Direction; readonly packet: Packet; readonly by: PreparedRule | "answer" | "unfiltered" }
  /** The firewall of the instance's subnet; null: its default. */
  | { readonly at: "firewall"; readonly instance: DrawnInstance; readonly direction: Direction; readonly packet: Packet; readonly by: NumberedRule | "answer" | null }
  | { readonly at: "network-acl"; readonly subnet: DrawnSubnet; readonly direction: Direction; readonly packet: Packet; readonly entry: NetworkAclEntry | null }
  /** From one interface to another on the same segment, without a router. */
  | { readonly at: "segment"; readonly subnet: DrawnSubnet }
  | { readonly at: "route-table"; readonly subnet: DrawnSubnet; readonly decision: RouteDecision }
  /** Entered by a gateway or a peering: the VPC's own subnets and nothing else. */
  | { readonly at: "own-subnets"; readonly vpc: DrawnVpc }
  | { readonly at: "nat-gateway"; readonly nat: DrawnNatGateway; readonly translated: "source" | "destination" }
  | { readonly at: "internet-gateway"; readonly gateway: InternetGateway; readonly translation: Translation }
  | { readonly at: "peering"; readonly peering: Peering }
  | { readonly at: "internet" }
  | { readonly at: "host" }
  /** From the host by its own link into the VPC. */
  | { readonly at: "host-access"; readonly instance: DrawnInstance }
  | { readonly at: "loopback"; readonly instance: DrawnInstance };

/** Why a packet ended where it did not want to. The code is Reachability Analyzer's (verdict.ts). */
export type Stop =
  | { readonly code: "SG_HAS_NO_RULES" | "ENI_SG_RULES_MISMATCH"; readonly instance: DrawnInstance; readonly direction: Direction; readonly packet: Packet }
  | { readonly code: "FIREWALL_RULES_RESTRICTION"; readonly instance: DrawnInstance; readonly direction: Direction; readonly packet: Packet; readonly by: NumberedRule | null }
  | { readonly code: "SUBNET_ACL_RESTRICTION"; readonly subnet: DrawnSubnet; readonly direction: Direction; readonly packet: Packet; readonly entry: NetworkAclEntry | null }
  | { readonly code: "NO_ROUTE_TO_DESTINATION"; readonly subnet: DrawnSubnet; readonly packet: Packet }
  | { readonly code: "BAD_STATE_ROUTE"; readonly subnet: DrawnSubnet; readonly decision: Extract<RouteDecision, { kind: "blackhole" }> }
  | { readonly code: "ROUTE_TABLE_LOOP"; readonly subnet: DrawnSubnet; readonly by: NetworkInterface; readonly packet: Packet }
  | { readonly code: "ENI_SOURCE_DEST_CHECK_RESTRICTION"; readonly instance: DrawnInstance; readonly packet: Packet }
  | { readonly code: "NGW_DEST_ADDRESS_PRESERVATION" | "NGW_SOURCE_ADDRESS_REASSIGN"; readonly nat: DrawnNatGateway; readonly packet: Packet }
  | { readonly code: "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"; readonly gateway: InternetGateway; readonly from: NetworkInterface }
  | { readonly code: "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"; readonly gateway: InternetGateway; readonly to: NetworkInterface; readonly packet: Packet }
  | { readonly code: "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS" | "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS"; readonly subnet: DrawnSubnet; readonly gateway: InternetGateway; readonly packet: Packet }
  | { readonly code: "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR"; readonly peering: Peering; readonly far: DrawnVpc | null; readonly packet: Packet }
  | { readonly code: "HOST_CLOSED_TO_VPCS" | "HOST_UPLINK_ONLY"; readonly packet: Packet }
  | { readonly code: "HOST_ACCESS_DISABLED"; readonly vpc: DrawnVpc }
  /** An address that nobody has, or that answers nothing. */
  | { readonly code: "NO_POSSIBLE_DESTINATION"; readonly vpc: DrawnVpc; readonly packet: Packet; readonly has: "nobody" | "router" }
  /** It arrived, but not where it was meant to. */
  | { readonly code: "ENI_ADDRESS_RESTRICTION"; readonly packet: Packet; readonly arrivedAt: Landing };

/** Where a packet arrived. */
export type Landing =
  | { readonly at: "instance"; readonly instance: DrawnInstance }
  | { readonly at: "router"; readonly subnet: DrawnSubnet }
  | { readonly at: "internet"; readonly vpc: DrawnVpc; readonly gateway: InternetGateway };
