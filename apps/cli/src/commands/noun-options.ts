import { Option } from "commander";

/** Options that several nouns have, so that they are called alike everywhere. */
export const NAME = ["--name <name>", "its name, instead of the argument"] as const;
export const IN_VPC = ["--vpc <vpc>", "the VPC that it is in"] as const;
export const IN_SUBNET = ["--subnet <subnet>", "the subnet that it is in"] as const;
export const ONLY_VPC = ["--vpc <vpc>", "those of this VPC only"] as const;
export const IF_EXISTS = ["--if-exists", "no error when it is not there"] as const;
export const CIDR = ["--cidr <cidr>", "IPv4 prefix, /16 to /28 (default: the next free one)"] as const;
export const RENAME = ["--rename <name>", "another name"] as const;

/** What a rule is about. */
export const TRAFFIC = [
  ["--tcp <ports>", "TCP: a port (80), a range (8000-8100) or all"],
  ["--udp <ports>", "UDP, likewise"],
  ["--icmp", "ICMP, e.g. ping"],
  ["--all", "all traffic"],
  ["--protocol <protocol>", "tcp, udp, icmp or all, with --port"],
  ["--port <ports>", "port or range, with --protocol"],
] as const;

/** Of a firewall, for what no rule names; a mode is another word for it. */
export const DEFAULT = new Option("--default <action>", "for what no rule names: allow or deny (permissive or restrictive)").choices(["allow", "deny", "permissive", "restrictive"]);
