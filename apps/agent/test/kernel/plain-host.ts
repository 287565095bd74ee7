import { createServer, type Server } from "node:net";
import { Lab } from "./lab";

/** Addresses of a host that already does what the older tools' hosts do: it forwards everything that it knows a way for. */
export const HOST_WAN = "192.0.2.2";
export const UPSTREAM = "192.0.2.1";
export const SERVICE_PORT = 9000;
const UPSTREAM_NETNS = "upstream";
const SETTINGS = {
  "net.ipv4.ip_forward": "1",
  // The defaults that new namespaces take over, set the way that hurts.
  "net.ipv4.conf.all.rp_filter": "1", "net.ipv4.conf.default.rp_filter": "1",
  "net.ipv4.conf.all.send_redirects": "1", "net.ipv4.conf.default.send_redirects": "1",
  "net.ipv4.conf.all.accept_redirects": "1", "net.ipv4.conf.default.accept_redirects": "1",
};
const BRIDGE_FILTER = "net.bridge.bridge-nf-call-iptables";

/**
 * The test's own network namespace as the host: forwarding on, reverse-path filter and redirects on, a FORWARD chain with a policy,
 * a service on every address, and an upstream router that knows the way back to every private network and counts them on the wire.
 */
export class PlainHost {
  readonly lab = new Lab({ hostNetns: null, uplink: "up0" });
  private server: Server | null = null;

  async up(policy: "accept" | "drop"): Promise<void> {
    await this.ip("netns", "add", UPSTREAM_NETNS);
    await this.sysctl(SETTINGS);
    // Where the module is not loaded there is nothing to filter bridged frames.
    await this.lab.runner.tryRun({ file: "sysctl", args: ["-qw", `${BRIDGE_FILTER}=1`] });
    await this.ip("link", "add", "up0", "type", "veth", "peer", "name", "far0", "netns", UPSTREAM_NETNS);
    await this.ip("address", "add", `${HOST_WAN}/24`, "dev", "up0");
    await this.ip("link", "set", "up0", "up");
    await this.ip("route", "add", "default", "via", UPSTREAM);
    await this.ip("-n", UPSTREAM_NETNS, "address", "add", `${UPSTREAM}/24`, "dev", "far0");
    await this.ip("-n", UPSTREAM_NETNS, "link", "set", "far0", "up");
    for (const known of ["10.0.0.0/8", "172.16.0.0/12", "169.254.0.0/16"]) await this.ip("-n", UPSTREAM_NETNS, "route", "add", known, "via", HOST_WAN);
    await this.nft(`table ip filter { chain FORWARD { type filter hook forward priority filter; policy ${policy}; }; }`);
    await this.lab.runner.run({
      file: "ip", args: ["netns", "exec", UPSTREAM_NETNS, "nft", "-f", "-"],
      stdin: "table inet watch { chain in { type filter hook prerouting priority raw; ip saddr { 10.0.0.0/8, 172.16.0.0/12, 169.254.0.0/16 } counter; }; }",
    });
    this.server = createServer((socket) => socket.end()).listen(SERVICE_PORT, "::");
  }

  async down(): Promise<void> {
    this.server?.close();
    await this.lab.runner.run({ file: "nft", args: ["delete", "table", "ip", "filter"] });
    await this.ip("link", "delete", "up0");
    await this.ip("netns", "delete", UPSTREAM_NETNS);
  }

  readonly upstream = UPSTREAM_NETNS;

  /** Packets with private sources that the upstream router has seen on the wire. */
  async privateSourcesSeen(): Promise<number> {
    const { stdout } = await this.lab.inside(UPSTREAM_NETNS, "nft", "list", "table", "inet", "watch");
    return Number(/counter packets (\d+)/.exec(stdout)?.[1]);
  }

  /** Those of the addresses (`fe80::1%eth0` too) that answer a ping, and those whose service takes a connection; all asked at once. */
  async reached(namespace: string, addresses: readonly string[]): Promise<{ readonly pinged: string[]; readonly connected: string[] }> {
    const script = addresses.map((address, i) =>
      `(ping -n -c 1 -W 1 ${address} >/dev/null 2>&1 && echo ping ${i}) & (timeout 1 bash -c '</dev/tcp/${address}/${SERVICE_PORT}' 2>/dev/null && echo tcp ${i}) &`).join("\n");
    const { stdout } = await this.lab.inside(namespace, "bash", "-c", `${script}\nwait`);
    const said = (what: string) => addresses.filter((_address, i) => stdout.split("\n").includes(`${what} ${i}`));
    return { pinged: said("ping"), connected: said("tcp") };
  }

  async ip(...args: string[]): Promise<string> {
    return (await this.lab.runner.run({ file: "ip", args })).stdout;
  }

  private nft(script: string) {
    return this.lab.runner.run({ file: "nft", args: ["-f", "-"], stdin: script });
  }

  private sysctl(values: Readonly<Record<string, string>>) {
    return this.lab.runner.run({ file: "sysctl", args: ["-qw", ...Object.entries(values).map(([key, value]) => `${key}=${value}`)] });
  }
}
