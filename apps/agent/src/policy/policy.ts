import { z } from "zod";
import type { Cidr } from "@vpclab/shared/net/cidr";
import { cidrFrom, containsAddress, overlaps, parseAddress, parseCidr } from "@vpclab/shared/net/cidr";
import { NOT_THE_INTERNET } from "@vpclab/shared/plan/compile-host-table";
import { TRANSIT_CIDR } from "@vpclab/shared/plan/transit";
import { CONFIRM_MS_MAX } from "@vpclab/shared/wire/job";
import { FIRST_WORKLOAD_USER, WORKLOAD_USERS } from "../host/workload-user";

/**
 * What the host allows, whatever the server signs: a file on the host, read at start; there is no way to write it from
 * afar. SECURITY 2.4. Limits are for all topologies of this agent together.
 */
const limit = (most: number) => z.int().min(0).max(most);
const port = z.int().min(1).max(65535);
const MEBIBYTE = 2 ** 20;
/** (uid_t)-1 means nobody at all. */
const USER_MAX = 2 ** 32 - 2;
const POOL_PREFIX = { shortest: 16, longest: 30 };
/** Never on a wire, or ours: RFC 1122, RFC 3927, multicast and what is reserved. */
const NEVER_A_POOL = ["0.0.0.0/8", "127.0.0.0/8", TRANSIT_CIDR, "169.254.0.0/16", "224.0.0.0/3"];

const canonicalPrefix = z.string().refine((text) => parseCidr(text).ok, { error: "a canonical IPv4 prefix, e.g. 10.0.0.0/8", abort: true });

export const PolicySchema = z.strictObject({
  /** Every VPC lies in one of these prefixes. */
  allowCidrs: z.array(canonicalPrefix).default(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]),
  /** No VPC touches one of these, even where `allowCidrs` has it: the networks that this host itself lives in. */
  denyCidrs: z.array(canonicalPrefix).default([]),
  /** Internet gateways may lead through this host's uplink. What is not on the internet they never reach. */
  allowUplink: z.boolean().default(true),
  /**
   * Addresses that are routed to this host, for Elastic IPs and instances with a public address. null: none, and internet
   * gateways share the host's own. A sandbox has a pool of its own; there only null means something.
   */
  publicPool: canonicalPrefix.nullable().optional(),
  /**
   * Name servers on the internet that VPCs' resolvers may ask, by their VPC's internet gateway. None: instances resolve names of
   * VPCs only. A sandbox asks its own internet's.
   */
  dnsUpstreams: z.array(z.string().refine((text) => parseAddress(text) !== null, { error: "an IPv4 address, e.g. 9.9.9.9", abort: true })).max(4).default([]),
  /** Ports of the host that topologies may lead to their instances. */
  publishedPorts: z.strictObject({ from: port, to: port }).default({ from: 1024, to: 65535 }),
  max: z.strictObject({
    topologies: limit(1000).default(50),
    vpcs: limit(5000).default(256),
    subnets: limit(20_000).default(2000),
    instances: limit(20_000).default(2000),
    natGateways: limit(5000).default(256),
    elasticIps: limit(65_536).default(512),
    routeTables: limit(20_000).default(2000),
    routes: limit(200_000).default(20_000),
    securityGroups: limit(50_000).default(4000),
    networkAcls: limit(20_000).default(2000),
    /** Rules of security groups and entries of network ACLs. */
    rules: limit(500_000).default(40_000),
    publishedPorts: limit(20_000).default(1000),
    /** Virtual links: one for each instance, gateway and peering, one bridge for each subnet. */
    links: limit(100_000).default(8000),
    /** Bytes of one signed job. */
    jobBytes: limit(1024 * 1024).default(1024 * 1024),
    /** Tests of the server in any minute; each sends a few packets. Root on the host is not counted. */
    probesPerMin: limit(100_000).default(1200),
    /** Flows of the server's measurements in any minute; each is one packet and its answer, without a process of its own. */
    flowsPerMin: limit(1_000_000).default(12_000),
    /** Seconds for which this host waits for its server, at most, before it takes an apply back. 0: it never takes one back. */
    confirmSeconds: limit(CONFIRM_MS_MAX / 1000).default(600),
  }).prefault({}),
  /**
   * Processes and threads of one instance together, its memory (of each of its processes, where the host has no control groups), its
   * processors' worth of time, and the first of the 2^28 users that programs in instances run as, one for each.
   */
  perInstance: z.strictObject({
    pids: z.int().min(16).max(32_768).default(128),
    memoryBytes: z.int().min(128 * MEBIBYTE).max(64 * 1024 * MEBIBYTE).default(256 * MEBIBYTE),
    cpus: z.number().min(0.05).max(1024).default(1),
    firstUser: z.int().min(65_536).max(USER_MAX - WORKLOAD_USERS).default(FIRST_WORKLOAD_USER),
  }).prefault({}),
  features: z.strictObject({ probe: z.boolean().default(true), webServer: z.boolean().default(true) }).prefault({}),
}).check((context) => {
  const refuse = (path: PropertyKey[], message: string): void => void context.issues.push({ code: "custom", path, message, input: context.value });
  const { publicPool, publishedPorts, allowCidrs, dnsUpstreams } = context.value;
  if (publishedPorts.from > publishedPorts.to) refuse(["publishedPorts"], `from ${publishedPorts.from} is above to ${publishedPorts.to}`);
  const inside = dnsUpstreams.findIndex((text) => NOT_THE_INTERNET.some((prefix) => containsAddress(cidrFrom(prefix), parseAddress(text) ?? 0)));
  if (inside >= 0) refuse(["dnsUpstreams", inside], "is not on the internet, and the way of a VPC's internet gateway leads nowhere else");
  const problem = publicPool ? poolProblem(cidrFrom(publicPool), allowCidrs) : null;
  if (problem) refuse(["publicPool"], problem);
});
export type PolicyRules = z.infer<typeof PolicySchema>;

function poolProblem(pool: Cidr, allowCidrs: readonly string[]): string | null {
  if (pool.length < POOL_PREFIX.shortest || pool.length > POOL_PREFIX.longest) return `between /${POOL_PREFIX.shortest} and /${POOL_PREFIX.longest}`;
  const reserved = NEVER_A_POOL.find((prefix) => overlaps(pool, cidrFrom(prefix)));
  if (reserved) return `overlaps ${reserved}, which is never routed to a host`;
  const inside = allowCidrs.find((prefix) => overlaps(pool, cidrFrom(prefix)));
  return inside ? `overlaps ${inside} of allowCidrs: an address is either a VPC's or public` : null;
}

export interface Policy {
  readonly rules: PolicyRules;
  /** Where it was read from, for messages: a path, or `the built-in policy`. */
  readonly source: string;
  /** Line of each key that the file has, by its dotted path. */
  readonly lines?: ReadonlyMap<string, number>;
}

/** A rule for a message: `max.vpcs of /etc/vpclab/policy.json, line 7`; where the file does not have it, the default that holds. */
export function ruleText({ source, lines }: Policy, key: string): string {
  if (!lines) return `${key} of ${source}`;
  const line = lines.get(key);
  return line === undefined ? `${key} of ${source}, which leaves it at its default` : `${key} of ${source}, line ${line}`;
}

export const BUILT_IN_POLICY: Policy = { rules: PolicySchema.parse({}), source: "the built-in policy" };
