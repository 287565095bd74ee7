/**
 * Sysctls of our own namespaces, all set before the first link is made, because `default` is what new links inherit.
 * Topologies are IPv4 only so far, so IPv6 is off everywhere: otherwise `fe80::` answers what a rule denies over IPv4.
 */
const IPV6_OFF = {
  "net.ipv6.conf.all.disable_ipv6": "1",
  "net.ipv6.conf.default.disable_ipv6": "1",
} as const;

export const ROUTER_SYSCTLS: Readonly<Record<string, string>> = {
  ...IPV6_OFF,
  "net.ipv4.ip_forward": "1",
  // Sources are checked per link by the guard chain; a reverse-path filter knows nothing of our route tables.
  "net.ipv4.conf.all.rp_filter": "0",
  "net.ipv4.conf.default.rp_filter": "0",
  // A link answers ARP for its own address only, not for the gateways of other subnets.
  "net.ipv4.conf.all.arp_ignore": "1",
  // Effective when either `all` or the link says so: both must be off.
  "net.ipv4.conf.all.send_redirects": "0",
  "net.ipv4.conf.default.send_redirects": "0",
  "net.ipv4.conf.all.accept_redirects": "0",
  "net.ipv4.conf.default.accept_redirects": "0",
};

export const INSTANCE_SYSCTLS: Readonly<Record<string, string>> = {
  ...IPV6_OFF,
  // A new namespace inherits the host's IPv4 settings, and a host with Docker forwards.
  "net.ipv4.ip_forward": "0",
  "net.ipv4.conf.all.accept_redirects": "0",
  "net.ipv4.conf.default.accept_redirects": "0",
  // Workloads have no capabilities: let them ping and listen on port 80 all the same.
  "net.ipv4.ping_group_range": "0 2147483647",
  "net.ipv4.ip_unprivileged_port_start": "0",
};
