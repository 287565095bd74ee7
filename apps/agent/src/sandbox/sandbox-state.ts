import { HOST_ADDRESS, INTERNET_WEB_ADDRESS } from "@vpclab/shared/analysis/internet";
import type { KernelState, Link, NamespaceState, Owner, Route, SeenKernel } from "@vpclab/shared/plan/kernel-state";
import { ROUTE_PROTOCOL } from "@vpclab/shared/plan/kernel-state";
import { formatMark, parseMark } from "@vpclab/shared/plan/mark";
import { INSTANCE_SYSCTLS, ROUTER_SYSCTLS } from "@vpclab/shared/plan/sysctls";

/** The namespace that plays the host and the one that plays the internet. No drawn name can hold a dot. */
export const SANDBOX_HOST_NETNS = "vpclab.host";
export const SANDBOX_INTERNET_NETNS = "vpclab.internet";
export const SANDBOX_NAMESPACES = [SANDBOX_HOST_NETNS, SANDBOX_INTERNET_NETNS] as const;
export const SANDBOX_UPLINK = "uplink0";
/** Stands where a topology id stands in the marks of drawn things. */
export const SANDBOX_TOPOLOGY_ID = "sandbox";

/** Documentation addresses (RFC 5737): nobody's, so nothing real is shadowed. */
export { HOST_ADDRESS, INTERNET_WEB_ADDRESS };
export const INTERNET_DNS_ADDRESS = "203.0.113.53";
export const INTERNET_WEB_NAME = "internet.example";
const PROVIDER_ADDRESS = "198.51.100.1";
/** Public addresses that the simulated internet routes to the host, for internet gateways to give out. */
export const SANDBOX_PUBLIC_POOL = "198.51.100.128/25";
const HOST_MAC = "02:00:c6:33:64:02";
const PROVIDER_MAC = "02:00:c6:33:64:01";

const MAIN_TABLE = "254";
const FAR_UPLINK = "host0";
const SERVERS = "servers0";
const ownerOf = (objectId: string): Owner => ({ topologyId: SANDBOX_TOPOLOGY_ID, objectId });

const route = (destination: string, via: string, dev: string, objectId: string): Route =>
  ({ type: "unicast", destination, table: MAIN_TABLE, via, dev, protocol: ROUTE_PROTOCOL.boot, owner: ownerOf(objectId) });

/**
 * The sandbox as kernel objects, so that the same plan and apply make and mend it. The host forwards nothing by itself:
 * a gateway's compile switches its own link and the uplink on. The internet knows the host's address and no way to any
 * private one, so what comes back shows that translation works.
 */
export function sandboxState(agentId: string): KernelState {
  const mark = (objectId: string, readable: string) =>
    formatMark({ agentId, topologyId: SANDBOX_TOPOLOGY_ID, objectId }, readable);
  const uplink = (here: string, there: (Link & { kind: "veth" })["peer"], objectId: string): Omit<Link & { kind: "veth" }, "mac" | "creator" | "addresses"> => ({
    kind: "veth", name: here, alias: mark(objectId, here), owner: ownerOf(objectId), peer: there, master: null,
  });
  const sysctls = { ...ROUTER_SYSCTLS, ...INSTANCE_SYSCTLS, "net.ipv4.ip_forward": "0" };
  const host: NamespaceState = {
    name: SANDBOX_HOST_NETNS,
    owner: ownerOf("host"),
    mark: mark("host", SANDBOX_HOST_NETNS),
    sysctls,
    links: [{
      ...uplink(SANDBOX_UPLINK, { namespace: SANDBOX_INTERNET_NETNS, name: FAR_UPLINK, mac: PROVIDER_MAC }, "host"),
      mac: HOST_MAC, creator: true, addresses: [`${HOST_ADDRESS}/24`],
    }],
    routes: [route("default", PROVIDER_ADDRESS, SANDBOX_UPLINK, "host")],
    rules: [], nft: null, workloads: [], resolvConf: null,
  };
  const internet: NamespaceState = {
    name: SANDBOX_INTERNET_NETNS,
    owner: ownerOf("internet"),
    mark: mark("internet", SANDBOX_INTERNET_NETNS),
    sysctls,
    links: [
      {
        ...uplink(FAR_UPLINK, { namespace: SANDBOX_HOST_NETNS, name: SANDBOX_UPLINK, mac: HOST_MAC }, "internet"),
        mac: PROVIDER_MAC, creator: false, addresses: [`${PROVIDER_ADDRESS}/24`],
      },
      {
        kind: "bridge", name: SERVERS, mac: "02:00:cb:00:71:01", alias: mark("internet", SERVERS), owner: ownerOf("internet"),
        addresses: ["203.0.113.1/24", `${INTERNET_WEB_ADDRESS}/32`, `${INTERNET_DNS_ADDRESS}/32`],
      },
    ],
    routes: [route(SANDBOX_PUBLIC_POOL, HOST_ADDRESS, FAR_UPLINK, "internet")],
    rules: [], nft: null,
    workloads: [
      { kind: "web-server", port: 80, label: "", owner: ownerOf("internet") },
      {
        kind: "resolver", port: 53, label: SANDBOX_INTERNET_NETNS, owner: ownerOf("internet"), listen: [INTERNET_DNS_ADDRESS],
        // It knows all there is: other names do not exist.
        records: [{ names: [INTERNET_WEB_NAME], address: INTERNET_WEB_ADDRESS }], ownDomains: ["#"], ownCidrs: [], upstreams: [],
      },
    ],
    resolvConf: null,
  };
  return { [host.name]: host, [internet.name]: internet };
}

/**
 * What was seen, without what topologies and others put into the host's namespace: it plays a host, where nothing but what is
 * ours is touched. Links of topologies carry their own mark, their routes their own protocol.
 */
export function withoutTopologies(seen: SeenKernel): SeenKernel {
  const host = seen[SANDBOX_HOST_NETNS];
  if (!host) return seen;
  const links = host.links.filter((link) => link.name === SANDBOX_UPLINK || parseMark(link.alias)?.topologyId === SANDBOX_TOPOLOGY_ID);
  const routes = host.routes.filter(({ dev, protocol }) => dev === SANDBOX_UPLINK && protocol !== ROUTE_PROTOCOL.vpclab);
  return { ...seen, [SANDBOX_HOST_NETNS]: { ...host, links, routes, nft: null, foreignTables: [] } };
}
