import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { vpcctl } from "../vpcctl";
import { machineState } from "./machine-state";
import { Terminal } from "./terminal";

/** What the older tools promise of routing, NAT, isolation and peering, row by row, typed as they type it. */
const at = new Terminal({ mode: "sandbox" });
let before: unknown;

const LAB = `
  $ sudo vpcctl vpc create --name vpc1 --cidr 10.0.0.0/16
  $ sudo vpcctl subnet add --vpc vpc1 --name public --cidr 10.0.1.0/24 --type public
  $ sudo vpcctl subnet add --vpc vpc1 --name private --cidr 10.0.2.0/24 --type private
  $ sudo vpcctl nat enable --vpc vpc1 --interface eth0
  $ sudo vpcctl deploy webserver --vpc vpc1 --subnet public
  $ sudo vpcctl deploy webserver --vpc vpc1 --subnet private --port 8081
  $ sudo vpcctl create-vpc --name vpc2 --cidr 172.16.0.0/16
  $ sudo vpcctl create-subnet --vpc vpc2 --name public --cidr 172.16.1.0/24 --type public
  $ sudo vpcctl create-subnet --vpc vpc2 --name private --cidr 172.16.2.0/24 --type private
  $ sudo vpcctl deploy-http --vpc vpc2 --subnet public --port 8080
`;
/** Between the two VPCs: ping and TCP, both ways, public and private; all at once. */
const ACROSS = [
  "vpc1-public ping -c 1 -W 1 172.16.1.2", "vpc1-private ping -c 1 -W 1 172.16.1.2", "vpc1-public curl -s -m 1 http://172.16.1.2:8080",
  "vpc2-public curl -s -m 1 http://10.0.1.2:8080", "vpc2-private ping -c 1 -W 1 10.0.2.2",
];
const across = (sign: ">" | "!") => `
  $ (for probe in ${ACROSS.map((probe) => `"${probe}"`).join(" ")}; do (ip netns exec $probe > /dev/null 2>&1 && echo "$probe answered") & done; wait)
  ${ACROSS.map((probe) => `${sign} ${probe} answered`).join("\n")}
`;
const ISOLATED = across("!");
const CONNECTED = across(">");

beforeAll(async () => {
  before = await machineState();
  await at.walk(LAB);
}, 240_000);
afterAll(async () => {
  await vpcctl("purge --yes");
  at.close();
});

describe("routing and NAT", { timeout: 240_000 }, () => {
  it("B1: subnets of one VPC reach each other both ways, by ping and TCP", () => at.walk(`
    $ ip netns exec vpc1-public ping -c 1 10.0.2.2
    $ ip netns exec vpc1-private ping -c 1 10.0.1.2
    $ ip netns exec vpc1-public curl -s -m 2 http://10.0.2.2:8081
    > vpc1-private
    $ ip netns exec vpc1-private curl -s -m 2 http://10.0.1.2:8080
    > vpc1-public
  `));

  it("B2: the public subnet reaches the internet, which sees a public address and not the subnet's", () => at.walk(`
    $ ip netns exec vpc1-public ping -c 1 203.0.113.10
    $ ip netns exec vpc1-public curl -s -m 2 http://203.0.113.10
    ~ \\b198\\.51\\.100\\.\\d+
    ! 10.0.1.2
  `));

  it("B3: the private subnet does not: time-out", () => at.walk(`
    $ ip netns exec vpc1-private ping -c 1 -W 1 203.0.113.10
    = 1
    $ ip netns exec vpc1-private curl -s -m 1 http://203.0.113.10
    = 28
  `));

  it("B4: exactly one translation for each public subnet, none for a private one, and nothing in the host's own rules", () => at.walk(`
    $ vpcctl nat list | grep -c '^vpc'
    ~ ^2$
    $ vpcctl nat list
    ~ ^vpc1/public +10\\.0\\.1\\.0/24 .* in place$
    ~ ^vpc2/public +172\\.16\\.1\\.0/24 .* in place$
    ! private
    $ ip netns exec vpc1 nft list table inet vpclab | grep -c ' snat '
    ~ ^1$
    $ nft list ruleset
    ~ ^$
  `));

  it("B5: only answers come in: nothing that the internet begins reaches a subnet", () => at.walk(`
    $ ADDRESS=$(vpcctl inspect --json | grep -o '198\\.51\\.100\\.[0-9]*' | head -1); test -n "$ADDRESS"
    $ ip netns exec vpclab.internet curl -s -m 1 http://$ADDRESS:8080
    = 28
    # Nor where a router of the internet knows the way to the private range.
    $ ip netns exec vpclab.internet ip route add 10.0.0.0/16 via 198.51.100.2
    $ ip netns exec vpclab.internet curl -s -m 1 http://10.0.1.2:8080
    = 28
    $ ip netns exec vpclab.internet ip route delete 10.0.0.0/16
  `));

  it("B6: forwarding is on in the routers; that of this machine is as it was", async () => {
    await at.walk(`
      $ ip netns exec vpc1 sysctl -n net.ipv4.ip_forward
      ~ ^1$
      $ ip netns exec vpc1-public sysctl -n net.ipv4.ip_forward
      ~ ^0$
    `);
    expect((await machineState()).forwarding).toBe((before as Record<string, unknown>).forwarding);
  });

  it("B7: traffic within a VPC does not depend on the bridge's packet filter", () => at.walk(`
    $ for netns in vpc1 vpc1-public vpc1-private; do
    |   for name in iptables ip6tables arptables; do
    |     if ip netns exec $netns test -e /proc/sys/net/bridge/bridge-nf-call-$name; then ip netns exec $netns sysctl -w net.bridge.bridge-nf-call-$name=1 || exit 9; fi
    |   done
    | done
    $ ip netns exec vpc1-public ping -c 1 10.0.2.2
  `));

  it("B8: no reverse-path filter drops what comes back", () => at.walk(`
    $ ip netns exec vpc1 sysctl -a -r '^net\\.ipv4\\.conf\\..*\\.rp_filter$' | grep -v '= 0$'
    = 1
    $ ip netns exec vpc1-private sysctl -a -r '^net\\.ipv4\\.conf\\..*\\.rp_filter$' | grep -v '= 0$'
    = 1
  `));

  it("B9: routers send no redirects", () => at.walk(`
    $ ip netns exec vpc1 sysctl -n net.ipv4.conf.all.send_redirects
    ~ ^0$
    $ ip netns exec vpc1-public ping -c 2 -i 0.2 10.0.2.2
    > 2 received
    ! Redirect
  `));

  it("B10: subnets reach each other by their gateways, so that proxy ARP is not needed", () => at.walk(`
    $ ip netns exec vpc1 sysctl -a -r '^net\\.ipv4\\.conf\\..*\\.proxy_arp$' | grep -v '= 0$'
    = 1
    $ ip netns exec vpc1-public ip route get 10.0.2.2
    > via 10.0.1.1
    $ ip netns exec vpc1-public ping -c 1 10.0.2.2
  `));

  it("B11: both directions of a pair go by the same router", () => at.walk(`
    $ ip netns exec vpc1-public ping -R -c 1 10.0.2.2
    = 0
    > 10.0.1.1
  `));
});

describe("isolation", { timeout: 240_000 }, () => {
  it("B12: two VPCs do not reach each other without a peering", () => at.walk(ISOLATED));

  it("B13: isolation is made by the routers' own rules: a route by hand does not open it", () => at.walk(`
    $ ip netns exec vpc1 nft list chain inet vpclab forwarding
    > hook forward priority filter; policy drop;
    $ ip netns exec vpc1-public ip route add 172.16.0.0/16 via 10.0.1.1
    ${ISOLATED}
    $ ip netns exec vpc1-public ip route delete 172.16.0.0/16 via 10.0.1.1
  `));

  it("B14: a host that forwards everything changes nothing of it (that it drops everything: host-mode.kernel.test.ts)", () => at.walk(`
    $ on_host sysctl -qw net.ipv4.ip_forward=1
    $ on_host nft 'table ip filter { chain DOCKER-USER { }; chain FORWARD { type filter hook forward priority filter; policy accept; jump DOCKER-USER; }; }'
    $ sudo vpcctl apply
    ${ISOLATED}
    $ ip netns exec vpc1-public ping -c 1 -W 2 203.0.113.10
    > 1 received
    $ ip netns exec vpc1-private ping -c 1 -W 1 203.0.113.10
    = 1
    $ on_host nft list table ip filter
    > policy accept;
    $ on_host nft delete table ip filter
    $ sudo vpcctl apply
  `));
});

describe("peering", { timeout: 240_000 }, () => {
  it("B15: after it both VPCs reach each other, both ways", () => at.walk(`
    ${ISOLATED}
    $ sudo vpcctl peer create --vpc1 vpc1 --vpc2 vpc2
    ${CONNECTED}
    $ ip netns exec vpc1-private curl -s -m 2 http://172.16.1.2:8080
    > vpc2-public
    $ ip netns exec vpc2-private curl -s -m 2 http://10.0.2.2:8081
    > vpc1-private
  `));

  it("B16: the peer's range is a route of every namespace", () => at.walk(`
    $ ip netns exec vpc1-public ip route
    > 172.16.0.0/16 via 10.0.1.1
    $ ip netns exec vpc1-private ip route
    > 172.16.0.0/16 via 10.0.2.1
    $ ip netns exec vpc2-private ip route
    > 10.0.0.0/16 via 172.16.2.1
  `));

  it("B18: it is a veth pair between the two routers, and carries the packets", () => at.walk(`
    $ LINK=$(ip -n vpc1 -o link show type veth | grep -o 'pcx-[a-z0-9]*' | head -1); test -n "$LINK"
    $ SENT=$(ip netns exec vpc1 cat /sys/class/net/$LINK/statistics/tx_packets)
    $ ip netns exec vpc1-public ping -c 3 -i 0.2 172.16.1.2
    $ test $(ip netns exec vpc1 cat /sys/class/net/$LINK/statistics/tx_packets) -ge $((SENT + 3))
    $ ip -n vpc2 -o link show type veth
    > pcx-
  `));

  it("B20: gateway, NAT, route table, group, peering and subnet are shown with what they are in Linux", () => at.walk(`
    $ vpcctl inspect vpc1
    > vpc1-igw  internet gateway
    > BRIDGE
    > KERNEL TABLE
    > SECURITY GROUPS
    > vpc1-vpc2  vpc2  active
    $ vpcctl show linux vpc1/public
    > type bridge
    $ vpcctl show linux vpc1-vpc2
    > type veth
    $ vpcctl show linux vpc1
    > snat
  `));

  it("B21: the three ways of packets are shown, hop by hop, and measured", () => at.walk(`
    $ vpcctl test vpc1-public internet
    > route 0.0.0.0/0 → vpc1-igw
    ~ measured +reached
    $ vpcctl test vpc1-public vpc1-private
    ~ measured +reached
    $ vpcctl test vpc1-public vpc2-public
    > vpc1-vpc2
    ~ measured +reached
  `));

  it("B17: it can be limited to chosen ranges: private subnets stay blocked", () => at.walk(`
    $ sudo vpcctl delete-peering vpc1 vpc2
    $ sudo vpcctl create-peering vpc1 vpc2 --allow-cidrs 10.0.1.0/24,172.16.1.0/24
    $ ip netns exec vpc1-public ping -c 1 172.16.1.2
    $ ip netns exec vpc2-public ping -c 1 10.0.1.2
    $ ip netns exec vpc1-private ping -c 1 -W 1 172.16.1.2
    = 1
    $ ip netns exec vpc1-public ping -c 1 -W 1 172.16.2.2
    = 1
    $ ip netns exec vpc2-private ping -c 1 -W 1 10.0.1.2
    = 1
  `));

  it("B19: removed, it is blocked again, and its routes are gone", () => at.walk(`
    $ sudo vpcctl delete-peering --vpc1 vpc1 --vpc2 vpc2
    ${ISOLATED}
    $ ip netns exec vpc1-public ip route
    ! 172.16
    $ ip -n vpc1 -o link show type veth
    ! pcx-
  `));
});

describe("the host and names", { timeout: 240_000 }, () => {
  it("B22: the host opens a web server of a subnet, and no instance opens one of the host", () => at.walk(`
    $ curl -s -m 2 http://10.0.1.2:8080
    > vpc1-public
    $ on_host python3 -m http.server 9000 > /dev/null 2>&1 &
    | SERVER=$!
    $ until on_host ss -lnt | grep -q :9000; do :; done
    $ on_host curl -s -m 1 -o /dev/null http://198.51.100.2:9000
    $ ip netns exec vpc1-public curl -s -m 1 http://198.51.100.2:9000
    = 28
    $ ip netns exec vpc1-public curl -s -m 1 http://10.0.1.1:9000
    = 28
    $ ip netns exec vpc2-private curl -s -m 1 http://172.16.1.1:9000
    = 28
    $ pid=$(on_host ss -lntpH 'sport = :9000' | grep -o 'pid=[0-9]*' | cut -d= -f2); kill $pid
    $ wait $SERVER
    = 143
  `));

  it("B23: each namespace has its name server, which knows its VPC and, where there is a way, the internet", () => at.walk(`
    $ ip netns exec vpc1-public cat /etc/resolv.conf
    > nameserver 10.0.1.1
    $ ip netns exec vpc1-public ping -c 1 private
    > 10.0.2.2
    $ ip netns exec vpc1-public curl -s -m 3 http://internet.example
    ~ 198\\.51\\.100
  `));

  it("D1: and nothing of it all is left", async () => {
    await at.walk("$ sudo vpcctl teardown --yes");
    expect(await machineState()).toEqual(before);
  });
});
