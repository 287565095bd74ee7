/**
 * Sysctls of our own namespaces, all set before the first link is made, because `default` is what new links inherit.
 * Topologies are IPv4 only so far, so IPv6 is off everywhere: otherwise `fe80::` answers what a rule denies over IPv4.
 */
const IPV6_OFF = {
  "net.ipv6.conf.all.disable_ipv6": "1",
  "net.ipv6.conf.default.disable_ipv6": "1",
} as const;

/** A new namespace inherits the host's IPv4 settings, whatever those are. */
const NO_REDIRECTS = {
  // Effective when either `all` or the link says so: both must be off.
  "net.ipv4.conf.all.send_redirects": "0",
  "net.ipv4.conf.default.send_redirects": "0",
  "net.ipv4.conf.all.accept_redirects": "0",
  "net.ipv4.conf.default.accept_redirects": "0",
} as const;

/** Sources are checked by our own rules; a reverse-path filter knows nothing of route tables by link, nor of NAT. */
const NO_REVERSE_PATH_FILTER = {
  "net.ipv4.conf.all.rp_filter": "0",
  "net.ipv4.conf.default.rp_filter": "0",
} as const;

/** Who has an address is told when its link comes up: neighbours may remember another machine that had it before. */
const ANNOUNCED = { "net.ipv4.conf.all.arp_notify": "1" } as const;

/** Exists only where br_netfilter is loaded (kernel-state.ts); then frames within a subnet would meet the router's filter. */
export const BRIDGE_FILTER = "net.bridge.bridge-nf-call-iptables";

/** Stands first where it is set: the kernel resets `all.accept_redirects` with it (inet_forward_change). */
export const FORWARDING = "net.ipv4.ip_forward";
export const RESET_BY_FORWARDING: readonly string[] = ["net.ipv4.conf.all.accept_redirects"];

export const ROUTER_SYSCTLS: Readonly<Record<string, string>> = {
  ...IPV6_OFF,
  [FORWARDING]: "1",
  ...NO_REVERSE_PATH_FILTER,
  // A link answers ARP for its own address only, not for the gateways of other subnets.
  "net.ipv4.conf.all.arp_ignore": "1",
  ...NO_REDIRECTS,
  // The VPC's resolver has no capabilities: let it listen on port 53 all the same.
  "net.ipv4.ip_unprivileged_port_start": "53",
  [BRIDGE_FILTER]: "0",
};

export const NAT_GATEWAY_SYSCTLS: Readonly<Record<string, string>> = {
  ...IPV6_OFF,
  [FORWARDING]: "1",
  ...NO_REVERSE_PATH_FILTER,
  ...NO_REDIRECTS,
  ...ANNOUNCED,
};

export const INSTANCE_SYSCTLS: Readonly<Record<string, string>> = {
  ...IPV6_OFF,
  [FORWARDING]: "0",
  ...NO_REVERSE_PATH_FILTER,
  ...NO_REDIRECTS,
  ...ANNOUNCED,
  // Workloads have no capabilities: let them ping and listen on port 80 all the same.
  "net.ipv4.ping_group_range": "0 2147483647",
  "net.ipv4.ip_unprivileged_port_start": "0",
};

/** An instance without source/destination check forwards what a route table sends to it. */
export const MIDDLEBOX_SYSCTLS: Readonly<Record<string, string>> = { ...INSTANCE_SYSCTLS, [FORWARDING]: "1" };
