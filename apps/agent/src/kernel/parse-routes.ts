import type { SeenRoute } from "@vpclab/shared/plan/kernel-state";
import { z } from "zod";

/** `ip -N -d -j route show table all`: numbers, because names depend on /etc/iproute2. */
const RouteShowSchema = z.array(z.object({
  type: z.string(),
  dst: z.string(),
  gateway: z.string().optional(),
  dev: z.string().optional(),
  table: z.string(),
  protocol: z.string(),
  /** Only IPv6 routes have it. */
  pref: z.string().optional(),
}));

/** linux/rtnetlink.h: RTN_*, RTPROT_KERNEL, RT_TABLE_LOCAL. */
const TYPE_NAME: Readonly<Record<string, string>> = {
  "1": "unicast", "2": "local", "3": "broadcast", "4": "anycast", "5": "multicast",
  "6": "blackhole", "7": "unreachable", "8": "prohibit", "9": "throw", "10": "nat",
};
const PROTOCOL_KERNEL = "2";
const TABLE_LOCAL = "255";

/** IPv4 routes that somebody configured: connected routes and the local table come and go with addresses. */
export function parseRoutes(json: unknown): SeenRoute[] {
  return RouteShowSchema.parse(json)
    .filter((route) => route.pref === undefined && route.protocol !== PROTOCOL_KERNEL && route.table !== TABLE_LOCAL)
    .map((route) => ({
      type: TYPE_NAME[route.type] ?? route.type,
      destination: route.dst,
      table: route.table,
      via: route.gateway ?? null,
      dev: route.dev ?? null,
    }));
}
