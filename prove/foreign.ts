import { execFileSync } from "node:child_process";

/**
 * What somebody else has on this machine, some of it with names like ours: it must be there afterwards as it was before.
 * Made before anything of vpclab, inside the namespaces of this run alone.
 */
export function makeForeignThings(): void {
  const commands = [
    // Addresses that the kernel makes by itself come a second later than the link.
    "sysctl -qw net.ipv6.conf.all.disable_ipv6=1",
    "ip netns add other-lab", "ip netns add vpc-of-others", "ip link add br-others type bridge", "ip link set br-others up",
    "ip address add 172.31.9.1/24 dev br-others", "ip link add vi-abcdefghij type veth peer name eth0 netns other-lab",
    "ip route add blackhole 10.99.0.0/16 table 1005", "ip rule add from 10.99.0.0/16 lookup 1005 priority 900",
    "nft add table ip vpclab", "nft add chain ip vpclab forward { type filter hook forward priority 0; policy accept; }",
    "nft add table inet vpclab-of-others", "ip netns exec other-lab nft add table inet vpclab",
  ];
  for (const command of commands) {
    const [file = "", ...args] = command.split(" ");
    execFileSync(file, args, { stdio: ["ignore", "ignore", "inherit"] });
  }
}
