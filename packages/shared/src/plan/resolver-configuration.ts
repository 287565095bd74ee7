import { parseAddress, parseCidr } from "../net/cidr";
import { contentHash } from "../net/content-hash";
import type { ResolverProcess, WorkloadProcess } from "./kernel-state";

/** Names of the closed grammar joined by dots; `#` is dnsmasq's word for every name. */
const NAME = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$/;
const NAME_CHARS_MAX = 253;

/**
 * dnsmasq's configuration, whole (dnsmasq(8)): no file of the machine is read, none is written, no address is handed out,
 * nobody is asked but those named, and only its own addresses are listened at. Bounded: 50 questions at a time to others,
 * 1,000 names remembered. Throws on a value that is not a name or an address: then the document was not validated.
 */
export function resolverConfiguration({ listen, records, ownDomains, ownCidrs, upstreams }: ResolverProcess): string {
  const lines = [
    "no-resolv", "no-hosts", "no-poll", "bind-interfaces",
    // Else it would write to the machine's system log.
    "log-facility=/dev/null",
    "cache-size=1000", "dns-forward-max=50", "edns-packet-max=1232",
    // What only makes sense at home is never asked elsewhere: names without a dot, private addresses.
    "domain-needed", "bogus-priv",
    ...listen.map((at) => `listen-address=${address(at)}`),
    ...ownDomains.map((domain) => `local=/${domain === "#" ? domain : name(domain)}/`),
    ...ownCidrs.map((cidr) => `rev-server=${prefix(cidr)}`),
    ...upstreams.map((upstream) => `server=${address(upstream)}`),
    ...records.map(({ names, address: at }) => `host-record=${[...names.map(name), address(at)].join(",")}`),
  ];
  return `${lines.join("\n")}\n`;
}

const HASH_CHARS = 32;
const hashes = new WeakMap<ResolverProcess, string>();

/** Tells a running program apart from one that was started with another configuration; empty for programs that have none. */
export function configurationHash(workload: WorkloadProcess): string {
  if (workload.kind !== "resolver") return "";
  const known = hashes.get(workload);
  if (known !== undefined) return known;
  const made = contentHash(resolverConfiguration(workload)).slice(0, HASH_CHARS);
  hashes.set(workload, made);
  return made;
}

function name(text: string): string {
  if (text.length > NAME_CHARS_MAX || !NAME.test(text)) throw new Error("a resolver's names are made of names of the topology");
  return text;
}

function address(text: string): string {
  if (parseAddress(text) === null) throw new Error("a resolver's addresses are IPv4 addresses in plain decimal");
  return text;
}

function prefix(text: string): string {
  if (!parseCidr(text).ok) throw new Error("a resolver's prefixes are canonical IPv4 prefixes");
  return text;
}

const MARK_DOMAIN = "vpclab-resolver.invalid";

/**
 * How a running resolver is told apart from any other dnsmasq: an option that does nothing (a domain that is never there,
 * RFC 6761) and can be read in its arguments by whichever agent runs then.
 */
export const resolverMark = ({ owner }: Pick<ResolverProcess, "owner">, hash: string): string =>
  `--local=/${hash}.${owner.objectId}.${owner.topologyId}.${MARK_DOMAIN}/`;

export interface ResolverMark {
  readonly configurationHash: string;
  readonly objectId: string;
  readonly topologyId: string;
}

const MARK = new RegExp(`^--local=/([0-9a-f]+)\\.([A-Za-z0-9-]+)\\.([A-Za-z0-9_-]+)\\.${MARK_DOMAIN.replace(".", "\\.")}/$`);

/** From one argument of a process; null for any other. */
export function readResolverMark(argument: string): ResolverMark | null {
  const [, hash, objectId, topologyId] = MARK.exec(argument) ?? [];
  return hash && objectId && topologyId ? { configurationHash: hash, objectId, topologyId } : null;
}

/** Its arguments. The configuration comes by standard input, so that no file is needed and none can be exchanged. */
export const resolverArgs = (workload: ResolverProcess): string[] => [
  "--pid-file",
  // It is started without rights already. A name here, even root, makes it call setgroups(2), which a user namespace refuses.
  "--user=", "--group=",
  "--conf-file=-", resolverMark(workload, configurationHash(workload)),
];
