/**
 * What the kernel should hold, and what it was seen to hold: plain values, compared by `plan.ts`. Wanted state is compiled
 * from topologies, seen state is parsed from `ip -j` and `nft -j`. Everything the kernel adds by itself (connected routes,
 * the local table, operstate, counters) is left out by the parsers, so that wanted and seen are comparable.
 */

/** Which object of which topology a kernel object belongs to: the owner that the canvas shows its state on. */
export interface Owner {
  readonly topologyId: string;
  readonly objectId: string;
}

/** Namespace that plays (or is) the host; its key in KernelState. Not in the grammar of names, so no VPC can be called so. */
export const HOST_NAMESPACE = "@host";

export interface BridgeLink {
  readonly kind: "bridge";
  readonly name: string;
  readonly mac: string;
  readonly alias: string;
  readonly owner: Owner;
  /** Addresses with prefix length, e.g. `10.0.1.1/24`. */
  readonly addresses: readonly string[];
}

/** One end of a veth pair. Both ends are links of their namespaces; the pair is created from the end with `creator: true`. */
export interface VethLink {
  readonly kind: "veth";
  readonly name: string;
  readonly mac: string;
  readonly alias: string;
  readonly owner: Owner;
  /** `mac` is the one that the other end gets when the pair is made from here; it may belong to another topology. */
  readonly peer: { readonly namespace: string; readonly name: string; readonly mac: string };
  /** Makes the pair. Both ends of a peering between two topologies do: whoever comes first. */
  readonly creator: boolean;
  /** Bridge of the same namespace that this end is plugged into. */
  readonly master: string | null;
  readonly addresses: readonly string[];
}
export type Link = BridgeLink | VethLink;

/** Bytes. Every link of ours has it; AWS carries 1500 between regions and to the internet. */
export const LINK_MTU = 1500;

/**
 * Who made a route (rtm_protocol, `proto` of ip-route(8)). In namespaces of ours every route is ours, with what `ip route add`
 * gives by itself (RTPROT_BOOT); on the host ours are told apart by a number of their own, and no others are seen.
 */
export const ROUTE_PROTOCOL = { boot: 3, vpclab: 118 } as const;

/** An IPv4 route. `table` is a number as text ("254" is main). Unicast needs `dev`; a blackhole has neither `dev` nor `via`. */
export interface Route {
  readonly type: "unicast" | "blackhole";
  /** As ip-route(8) lists it: a prefix, an address where it is a /32, `default` for 0.0.0.0/0. */
  readonly destination: string;
  readonly table: string;
  readonly via: string | null;
  readonly dev: string | null;
  /** One of ROUTE_PROTOCOL. */
  readonly protocol: number;
  readonly owner: Owner;
}

/** `ip rule`: packets that come in by `iif` are routed by `table`. */
export interface PolicyRule {
  readonly priority: number;
  readonly iif: string;
  readonly table: string;
  readonly owner: Owner;
}

/*
 * How nft 1.0.6 on kernel 6.18 lists what we write (`nft -j list table inet vpclab`), so that wanted and seen compare by value:
 * - a chain without a hook has neither `type` nor `hook` nor `prio`: here `type: null`; `prio` is `priority` here
 * - `ct state established,related` is `"op": "in"` with a bare array on the right: here `{ set: […] }`; one flag is a plain string
 * - `fib daddr type local` has `"flags": ["daddr"]`: here the one word
 * - `counter name "x"` is `{"counter": "x"}`; an anonymous one carries packets and bytes: here `{ counter: null }`
 * - a set of one element is listed as the plain value; a vmap of one element stays a vmap
 * - a range that is a prefix is listed as the prefix, a /32 as the bare address, a port range of one port as the number
 * - members of sets and maps are listed sorted (as numbers, not as text), whatever order they were written in
 * - `meta l4proto`, `ip saddr`, `ether saddr`, `tcp dport` keep their order and their form; implied matches are not listed
 * - `snat ip to A:1024-65535` is `{"snat": {"family": "ip", "addr": A, "port": {"range": [1024, 65535]}}}`, `dnat … :80` has `"port": 80`
 * - `meta mark set 0x1` is `{"mangle": {"key": {"meta": {"key": "mark"}}, "value": 1}}`; `notrack` is `{"notrack": null}`
 * - a set of no elements has no `elem`, one without `flags interval` has no `flags`
 */

/** Value of a match in an nftables rule: what `nft -j list` prints, so that wanted and seen compare by value. `@name` is a named set. */
export type NftValue =
  | string
  | number
  | { readonly prefix: { readonly addr: string; readonly len: number } }
  | { readonly range: readonly [NftValue, NftValue] }
  | { readonly set: readonly NftValue[] };

export type NftVerdict =
  | { readonly accept: null } | { readonly drop: null } | { readonly return: null }
  | { readonly jump: { readonly target: string } } | { readonly goto: { readonly target: string } };

/** The closed grammar of expressions in our rules. Nothing else can be rendered, so nothing else reaches nft. */
export type NftExpression =
  | { readonly match: { readonly left: NftLeft; readonly op: "==" | "!=" | "in"; readonly right: NftValue } }
  /** Anonymous, or the name of one of the table's counters. */
  | { readonly counter: null | string }
  | NftVerdict
  /** A verdict by value: an anonymous map, e.g. one chain per bridge or per range of ports. */
  | { readonly vmap: { readonly key: NftLeft; readonly data: { readonly set: readonly (readonly [NftValue, NftVerdict])[] } } }
  | { readonly mangle: { readonly key: { readonly meta: { readonly key: "mark" } }; readonly value: number } }
  /** The connection table does not see the packet. Chains on `prerouting` before priority -200 only. */
  | { readonly notrack: null }
  | { readonly masquerade: null }
  | { readonly snat: NftTranslation }
  | { readonly dnat: NftTranslation };

export interface NftTranslation {
  readonly family: "ip";
  readonly addr: string;
  readonly port?: number | { readonly range: readonly [number, number] };
}

export type NftLeft =
  | { readonly meta: { readonly key: "iifname" | "oifname" | "nfproto" | "l4proto" | "mark" } }
  | { readonly ct: { readonly key: "state" | "status" } }
  | { readonly fib: { readonly result: "type"; readonly flags: "daddr" } }
  | {
      readonly payload: {
        readonly protocol: "ip" | "icmp" | "tcp" | "udp" | "th" | "ether";
        readonly field: "saddr" | "daddr" | "type" | "sport" | "dport";
      };
    };

export interface NftRule {
  readonly expressions: readonly NftExpression[];
  /** Id of the object that the rule is there for, or a fixed word; letters, digits, dashes only. */
  readonly comment: string;
}

/** A chain on a hook. */
export interface NftBaseChain {
  readonly name: string;
  readonly type: "filter" | "nat";
  readonly hook: "prerouting" | "input" | "forward" | "output" | "postrouting";
  readonly priority: number;
  readonly policy: "accept" | "drop";
  readonly rules: readonly NftRule[];
}
/** A chain that rules jump to. */
export interface NftRegularChain {
  readonly name: string;
  readonly type: null;
  readonly rules: readonly NftRule[];
}
export type NftChain = NftBaseChain | NftRegularChain;

/** A named set of addresses or prefixes (then with `interval`), e.g. a security group's members. */
export interface NftSet {
  readonly name: string;
  readonly type: "ipv4_addr";
  readonly interval: boolean;
  readonly elements: readonly NftValue[];
}

/**
 * Table `inet vpclab` of one namespace, whole. Made in one transaction; later changes touch only the sets and chains that
 * differ, again in one transaction, so that named counters and everything else stay.
 */
export interface NftTable {
  readonly name: "vpclab";
  /** Names of counters. */
  readonly counters: readonly string[];
  readonly sets: readonly NftSet[];
  /** A chain stands before those that jump to it, so that they can be made in this order. */
  readonly chains: readonly NftChain[];
}

/** A program that runs inside a namespace because the drawing says so. Told apart by kind and port. */
export type WorkloadProcess = WebServerProcess | ResolverProcess;

export interface WebServerProcess {
  readonly kind: "web-server";
  readonly port: number;
  /** Shown by the web server's answer, e.g. `vpc1-public`. */
  readonly label: string;
  readonly owner: Owner;
}

/** A name server: dnsmasq with the configuration that resolver-configuration.ts makes of this. */
export interface ResolverProcess {
  readonly kind: "resolver";
  readonly port: 53;
  /** Its namespace. */
  readonly label: string;
  readonly owner: Owner;
  /** Addresses that it answers at, each held by a link of the namespace. */
  readonly listen: readonly string[];
  /** The first name is the one that the address leads back to. */
  readonly records: readonly { readonly names: readonly string[]; readonly address: string }[];
  /** Domains that nobody else is asked about: what is not among the records does not exist. `#` is every name. */
  readonly ownDomains: readonly string[];
  /** Prefixes whose addresses nobody else is asked about. */
  readonly ownCidrs: readonly string[];
  /** Who is asked about all other names; nobody: they are refused. */
  readonly upstreams: readonly string[];
}

export interface NamespaceState {
  /** Key in KernelState: name under /run/netns, or HOST_NAMESPACE. */
  readonly name: string;
  readonly owner: Owner;
  /** ifalias of `lo`: the mark by which a namespace is recognised as ours. Empty for the host. */
  readonly mark: string;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  readonly rules: readonly PolicyRule[];
  readonly nft: NftTable | null;
  readonly workloads: readonly WorkloadProcess[];
  /** Text of /etc/netns/<name>/resolv.conf, whose first line carries the mark; null for none. */
  readonly resolvConf: string | null;
}

/** By namespace name. */
export type KernelState = Readonly<Record<string, NamespaceState>>;

// ---- what was seen ----------------------------------------------------------------------------------------------

export interface SeenLink {
  readonly name: string;
  /** `veth`, `bridge`, or whatever else the kernel calls it. */
  readonly kind: string;
  readonly mac: string;
  readonly alias: string;
  readonly up: boolean;
  readonly master: string | null;
  readonly addresses: readonly string[];
  /** Bytes. */
  readonly mtu: number;
}
export type SeenRoute = Omit<Route, "owner" | "type"> & { readonly type: string };
/** A rule of another shape (a source, a mark, an action) is seen with an empty `iif`, so that it equals no wanted one. */
export type SeenRule = Omit<PolicyRule, "owner">;
export interface SeenWorkload {
  readonly kind: string;
  readonly port: number;
  readonly objectId: string;
  readonly pid: number;
  /** See `configurationHash` of resolver-configuration.ts. */
  readonly configurationHash: string;
}

/**
 * /etc/netns/<name>/resolv.conf. `absent`: neither the file nor its folder is there. `closed`: nor can they be made (an agent
 * without root). The text is empty where the folder or file is something else than we make, which is then somebody else's.
 */
export type SeenResolvConf = "absent" | "closed" | { readonly text: string };

/**
 * One namespace as observed. For the host only links that carry our mark are listed, routes of ROUTE_PROTOCOL.vpclab only, and
 * no rules.
 */
export interface SeenNamespace {
  readonly name: string;
  /** ifalias of `lo`; empty when there is none, which means that the namespace is not (yet) ours. */
  readonly mark: string;
  readonly loopbackUp: boolean;
  /** Addresses of `lo` beside 127.0.0.1/8, with prefix length; empty for the host. */
  readonly loopbackAddresses: readonly string[];
  /**
   * As wanted ones, by key. `net.bridge.*` exists only while the kernel's br_netfilter is loaded: absent it counts as "0", and
   * setting it to "0" then does nothing.
   */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly links: readonly SeenLink[];
  readonly routes: readonly SeenRoute[];
  readonly rules: readonly SeenRule[];
  /** null: no table of ours. Rules that our grammar does not know (added by hand) are kept as `foreign`. */
  readonly nft: SeenNftTable | null;
  /** Other tables of the namespace, `<family> <name>`. In namespaces of ours they are removed; on the host they are not looked at. */
  readonly foreignTables: readonly string[];
  readonly workloads: readonly SeenWorkload[];
  /** `closed` for the host, whose own is none of our business. */
  readonly resolvConf: SeenResolvConf;
}

type SeenRules = readonly (NftRule | { readonly foreign: string })[];
export type SeenNftChain = (Omit<NftBaseChain, "rules"> | Omit<NftRegularChain, "rules">) & { readonly rules: SeenRules };
export interface SeenNftTable {
  readonly counters: readonly string[];
  readonly sets: readonly NftSet[];
  readonly chains: readonly SeenNftChain[];
  /** Maps, quotas, sets of other types and the like in our table that we did not make. */
  readonly foreignObjects: number;
}

/** Namespaces that do not exist are absent. */
export type SeenKernel = Readonly<Record<string, SeenNamespace>>;
