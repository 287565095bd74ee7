import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { done, run, stateDir, vpcctl } from "../vpcctl";
import { machineState } from "./machine-state";
import { Terminal } from "./terminal";

/**
 * S1's demonstration word for word on a host of its own: this test's network namespace is the host, its eth0 leads to a namespace that is
 * the internet, where 8.8.8.8 answers. As on their hosts: FORWARD drops by policy, as Docker sets it.
 */
const at = new Terminal({ mode: "host", env: { VPCLAB_AGENT_MODE: "host", VPCLAB_AGENT_POLICY: join(stateDir, "policy.json") } });
let before: unknown;

beforeAll(async () => {
  writeFileSync(join(stateDir, "policy.json"), JSON.stringify({ dnsUpstreams: ["8.8.8.8"] }));
  await at.walk(`
    $ ip netns add internet
    $ ip link add eth0 type veth peer name far0 netns internet
    # Without IPv6, whose addresses come by themselves some time later.
    $ ip link set eth0 addrgenmode none
    $ ip address add 192.0.2.2/24 dev eth0
    $ ip link set eth0 up
    $ ip -n internet link set lo up
    $ ip -n internet address add 192.0.2.1/24 dev far0
    $ ip -n internet address add 8.8.8.8/32 dev lo
    $ ip -n internet link set far0 up
    $ ip route add default via 192.0.2.1
    $ nft 'table ip filter { chain FORWARD { type filter hook forward priority filter; policy drop; }; }'
    $ nft 'table ip nat { chain POSTROUTING { type nat hook postrouting priority srcnat; }; }'
    $ ip netns exec internet python3 -m http.server 80 --directory /run/netns > /dev/null 2>&1 &
    | WEB=$!
    $ ip netns exec internet dnsmasq --keep-in-foreground --no-resolv --no-hosts --conf-file=/dev/null --pid-file= --user=root --address=/google.com/8.8.8.8 > /dev/null 2>&1 &
    | NAMES=$!
    $ until ip netns exec internet ss -lntu | grep -q ":53 "; do :; done
    $ until ip netns exec internet ss -lnt | grep -q ":80 "; do :; done
    $ ping -c 1 8.8.8.8
    > 1 received
  `);
  before = await machineState();
}, 60_000);
afterAll(async () => {
  await vpcctl("purge --yes");
  await at.walk(`
    $ kill $WEB $NAMES
    $ wait $WEB
    = 143
    $ ip netns delete internet
    $ nft delete table ip filter
    $ nft delete table ip nat
  `);
  at.close();
});

describe("S1's demonstration on a host", { timeout: 240_000 }, () => {
  it("C17: the interface is found from the default route; another one is refused, and says why", () => at.walk(`
    $ IFACE=$(ip route | grep default | awk '{print $5}' | head -1); echo $IFACE
    > eth0
    $ sudo vpcctl vpc create --name vpc1 --cidr 10.0.0.0/16
    $ sudo vpcctl subnet add --vpc vpc1 --name public --cidr 10.0.1.0/24 --type public
    $ sudo vpcctl subnet add --vpc vpc1 --name private --cidr 10.0.2.0/24 --type private
    $ sudo vpcctl nat enable --vpc vpc1 --interface wlan7
    = 2
    > “wlan7” is not this machine's interface towards the internet; that is “eth0”
    $ sudo vpcctl nat enable --vpc vpc1 --interface $IFACE
    > internet gateway vpc1/vpc1-igw  in place
    $ sudo vpcctl deploy webserver --vpc vpc1 --subnet public --port 8080
    > from the host: curl http://10.0.1.2:8080
    $ sudo vpcctl deploy webserver --vpc vpc1 --subnet private --port 8081
  `));

  it("B2, B3, T2: 8.8.8.8 answers the public subnet, also by name, and not the private one; P9, B14: although FORWARD drops", () => at.walk(`
    $ sudo ip netns exec vpc1-public ping -c 3 -i 0.2 10.0.2.2
    > 3 received
    $ sudo ip netns exec vpc1-private ping -c 3 -i 0.2 10.0.1.2
    > 3 received
    $ sudo ip netns exec vpc1-public ping -c 3 -i 0.2 8.8.8.8
    > 3 received
    $ sudo ip netns exec vpc1-public curl -I --max-time 5 google.com
    > 200 OK
    $ sudo timeout 3 ip netns exec vpc1-private ping -c 1 -W 1 8.8.8.8
    = 1
  `));

  it("B2: the internet sees the host's address", () => at.walk(`
    $ ip netns exec internet nft 'table inet watch { set seen { type ipv4_addr; flags dynamic; }; chain in { type filter hook prerouting priority raw; iifname far0 add @seen { ip saddr }; }; }'
    $ ip netns exec vpc1-public curl -s -o /dev/null --max-time 2 http://8.8.8.8
    $ ip netns exec vpc1-private curl -s -o /dev/null --max-time 1 http://8.8.8.8
    = 28
    $ ip netns exec internet nft list set inet watch seen
    > 192.0.2.2
    ! 10.0.
    ! 169.254.
    $ ip netns exec internet nft delete table inet watch
  `));

  it("B4: nothing of it is in the host's own tables, which are the iptables of the tools before", () => at.walk(`
    $ nft list chain ip nat POSTROUTING
    ! masquerade
    ! 10.0.
    $ sudo vpcctl nat list
    ~ ^vpc1/public +10\\.0\\.1\\.0/24 +the host's own address
    ! private
  `));

  it("B22: the host opens the web servers; the upstream router does not, even if it knows the way", () => at.walk(`
    $ curl -s --max-time 3 http://10.0.1.2:8080
    > vpc1-public
    $ ip -n internet route add 10.0.0.0/16 via 192.0.2.2
    $ ip netns exec internet curl -s -m 1 http://10.0.1.2:8080
    = 28
    $ ip netns exec internet curl -s -m 1 http://10.0.2.2:8081
    = 28
    $ ip -n internet route delete 10.0.0.0/16
  `));

  it("T3, T4: two VPCs are isolated until they are peered", () => at.walk(`
    $ sudo vpcctl vpc create --name vpc2 --cidr 172.16.0.0/16
    $ sudo vpcctl subnet add --vpc vpc2 --name public --cidr 172.16.1.0/24 --type public
    $ sudo vpcctl nat enable --vpc vpc2 --interface $IFACE
    $ sudo timeout 3 ip netns exec vpc1-public ping -c 1 -W 1 172.16.1.2
    = 1
    $ sudo timeout 3 ip netns exec vpc2-public ping -c 1 -W 1 10.0.1.2
    = 1
    $ sudo vpcctl peer create --vpc1 vpc1 --vpc2 vpc2
    $ sudo ip netns exec vpc1-public ping -c 3 -i 0.2 172.16.1.2
    > 3 received
    $ sudo ip netns exec vpc1-public ip route
    > 172.16.0.0/16 via 10.0.1.1
  `));

  it("T5: the policy", () => at.walk(`
    $ cat > /tmp/firewall-policy.json <<EOF
    | {
    |   "subnet": "10.0.1.0/24",
    |   "ingress": [
    |     {"port": 8080, "protocol": "tcp", "action": "allow"},
    |     {"port": 22, "protocol": "tcp", "action": "deny"}
    |   ]
    | }
    | EOF
    $ sudo vpcctl firewall apply --vpc vpc1 --subnet public --policy /tmp/firewall-policy.json
    $ rm /tmp/firewall-policy.json
    $ curl -s http://10.0.1.2:8080
    > vpc1-public
    $ sudo timeout 1 bash -c "</dev/tcp/10.0.1.2/22"
    = 124
    $ sudo vpcctl logs --last 20
    > allow tcp 8080
  `));

  it("T7: deleted, the host is as it was: namespaces, links, routes, rules, settings", async () => {
    await at.walk(`
      $ ip link show type bridge
      ~ ^$
      $ sudo vpcctl vpc delete --name vpc1
      $ sudo vpcctl vpc delete --name vpc2
      $ sudo vpcctl vpc list
      > No VPC yet.
      $ ip netns list
      ~ ^internet
      ! vpc
    `);
    expect(await machineState()).toEqual(before);
    expect(await done("list --mode host --json")).toBe("[]\n");
    expect((await run("nft", ["list", "chain", "ip", "filter", "FORWARD"])).stdout).not.toContain("vpclab");
  });
});
