import type { PortRange } from "../topology/topology";
import { cidrFrom } from "../net/cidr";

/**
 * The internet's end of a flow is one machine of it: a route to a part of the internet only decides for that part. It is the
 * web server of the sandbox's internet (RFC 5737, nobody's).
 */
export const INTERNET_WEB_ADDRESS = "203.0.113.10";

/** The host's own address towards the internet, and the first that it gives to others: those of the sandbox, for questions where no other is known. */
export const HOST_ADDRESS = "198.51.100.2";
export const PUBLIC_ADDRESS = "198.51.100.129";
/** What the host comes from where it has a link of its own into a VPC: an address of the transit range. */
export const HOST_LINK_ADDRESS = "169.254.64.1";

/** Linux's own choice of source ports (net.ipv4.ip_local_port_range): what an answer comes back to. */
export const EPHEMERAL_PORTS: Readonly<PortRange> = { from: 32768, to: 60999 };

/** What a NAT gateway may make of a source port. It keeps one that lies in the range and is free. */
export const NAT_PORTS: Readonly<PortRange> = { from: 1024, to: 65535 };

/** Never behind an internet gateway: the host drops what a VPC sends there. */
export const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"].map(cidrFrom);
export const SHARED_RANGE = cidrFrom("100.64.0.0/10");
