import type { SeenLink } from "@vpclab/shared/plan/kernel-state";
import { z } from "zod";

/** `ip -N -d -j addr show`, as far as we use it. */
export const AddressShowSchema = z.array(z.object({
  ifname: z.string(),
  flags: z.array(z.string()),
  address: z.string().optional(),
  master: z.string().optional(),
  ifalias: z.string().optional(),
  linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
  addr_info: z.array(z.object({ local: z.string().optional(), prefixlen: z.int().optional() })).default([]),
}));

/** Devices that a namespace gets by itself where their modules are loaded (net.core.fb_tunnels_only_for_init_net); they cannot be deleted. */
const FALLBACK_DEVICES = new Set(["tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0"]);

export interface SeenLinks {
  /** ifalias of `lo`, empty when there is none. */
  readonly mark: string;
  readonly loopbackUp: boolean;
  /** Everything but `lo` and the kernel's fallback tunnels. */
  readonly links: readonly SeenLink[];
}

export function parseLinks(json: unknown): SeenLinks {
  const all = AddressShowSchema.parse(json);
  const loopback = all.find((link) => link.ifname === "lo");
  const links = all.filter((link) => link.ifname !== "lo" && !FALLBACK_DEVICES.has(link.ifname)).map((link): SeenLink => ({
    name: link.ifname,
    kind: link.linkinfo?.info_kind ?? "",
    mac: link.address ?? "",
    alias: link.ifalias ?? "",
    up: link.flags.includes("UP"),
    master: link.master ?? null,
    addresses: link.addr_info.flatMap(({ local, prefixlen }) =>
      // The kernel gives itself fe80:: addresses; nobody configures them.
      local === undefined || local.startsWith("fe80:") ? [] : [`${local}/${prefixlen}`]),
  }));
  return { mark: loopback?.ifalias ?? "", loopbackUp: loopback?.flags.includes("UP") ?? false, links };
}
