import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { vpcctl } from "../vpcctl";
import { machineState } from "./machine-state";
import { Terminal } from "./terminal";

/** “How I built a cloud VPC from scratch”: one command for everything, and its checks. 203.0.113.10 stands for 8.8.8.8. */
const at = new Terminal({ mode: "sandbox" });
let before: unknown;
beforeAll(async () => {
  before = await machineState();
});
afterAll(async () => {
  await vpcctl("purge --yes");
  at.close();
});

const POLICY = `
  $ cat > firewall.json <<EOF
  | {
  |   "vpc": "prod",
  |   "subnet_type": "public",
  |   "ingress": [
  |     {"port": 8000, "protocol": "tcp", "action": "allow"},
  |     {"port": 22, "protocol": "tcp", "action": "deny"}
  |   ]
  | }
  | EOF
`;

describe("the walk-through of S0", { timeout: 240_000 }, () => {
  it("C1, F11: one command makes the VPC with both subnets, the internet and the firewall of firewall.json", () => at.walk(`
    ${POLICY}
    $ sudo vpcctl create --name prod --internet-interface eth0
    > VPC prod  in place
    > subnet prod/pub  in place
    > subnet prod/priv  in place
    > prod/pub: No default is named: what no rule names is denied
    $ ip netns list
    ~ ^prod-pub
    ~ ^prod-priv
    $ sudo vpcctl vpc list
    ~ ^prod +10\\.10\\.0\\.0/16 +2
    $ sudo vpcctl firewall show --vpc prod --subnet pub
    > allow tcp 8000 from 0.0.0.0/0
    > deny tcp 22 from 0.0.0.0/0
  `));

  it("T1, T11: a web server in the public subnet is seen from the private one", () => at.walk(`
    $ sudo ip netns exec prod-pub python3 -m http.server 8000 --bind 0.0.0.0 > /dev/null 2>&1 &
    $ until sudo ip netns exec prod-pub ss -lnt | grep -q :8000; do :; done
    $ sudo ip netns exec prod-priv curl -s http://10.10.1.2:8000 | head -1
    > <!DOCTYPE HTML>
    # ICMP is not in the policy, so from outside the public subnet does not answer pings; the private one does.
    $ sudo ip netns exec prod-pub ping -c 1 10.10.2.2
    > 1 received
    $ sudo ip netns exec prod-priv ping -c 1 -W 1 10.10.1.2
    = 1
  `));

  it("T2, B23: the public subnet has the internet and its names, the private one times out", () => at.walk(`
    $ sudo ip netns exec prod-pub ping -c 1 203.0.113.10
    > 1 received
    $ sudo ip netns exec prod-pub curl -s http://internet.example
    ~ ^(you are )?\\d+\\.\\d+\\.\\d+\\.\\d+
    $ cat /etc/netns/prod-pub/resolv.conf
    > nameserver 10.10.1.1
    $ sudo ip netns exec prod-priv curl -s --max-time 1 http://203.0.113.10
    = 28
    $ sudo ip netns exec prod-priv ping -c 1 -W 1 203.0.113.10
    = 1
  `));

  it("F8, T5: 8000 is open, 22 is not, although something listens there", () => at.walk(`
    $ sudo ip netns exec prod-pub python3 -m http.server 22 > /dev/null 2>&1 &
    $ until sudo ip netns exec prod-pub ss -lnt | grep -q :22; do :; done
    $ sudo ip netns exec prod-pub timeout 1 bash -c "</dev/tcp/10.10.1.2/22"
    $ sudo ip netns exec prod-priv timeout 1 bash -c "</dev/tcp/10.10.1.2/8000"
    $ sudo ip netns exec prod-priv timeout 1 bash -c "</dev/tcp/10.10.1.2/22" && echo OPEN || echo BLOCKED
    > BLOCKED
  `));

  it("T3: a second VPC gets no answer: no response, time-out", () => at.walk(`
    $ sudo vpcctl create --name dev --internet-interface eth0
    > firewall.json has no policy for “dev”: no firewall is applied.
    $ sudo ip netns exec dev-pub curl -s --max-time 1 http://10.10.1.2:8000
    = 28
    $ sudo ip netns exec prod-pub ping -c 1 -W 1 10.20.1.2
    = 1
    $ sudo ip netns exec dev-priv ping -c 1 10.20.1.2
    > 1 received
  `));

  it("D9: the second create changes nothing; with another range it is refused and says the difference", () => at.walk(`
    $ sudo vpcctl create --name prod --internet-interface eth0
    > VPC “prod” is there already
    $ sudo vpcctl create --name prod --cidr 10.77.0.0/16
    = 5
    > 10.10.0.0/16
    > 10.77.0.0/16
    $ sudo ip netns exec prod-priv curl -s http://10.10.1.2:8000 | head -1
    > <!DOCTYPE HTML>
  `));

  it("C2, D1, D3, D5, T7: delete takes everything along; the lists are empty", async () => {
    await at.walk(`
      $ sudo vpcctl delete --name dev
      > With it go: 2 subnets, 2 instances
      $ sudo vpcctl delete --name prod
      $ ip netns list | wc -l
      ~ ^0$
      $ ls /etc/netns | wc -l
      ~ ^0$
      $ command ip link show type bridge
      ~ ^$
      $ command ip link show type veth
      ~ ^$
      $ nft list ruleset
      ~ ^$
      # Its servers end with their network.
      $ wait
      $ sudo vpcctl delete --name prod
      = 4
      > “prod”
    `);
    expect(await machineState()).toEqual(before);
  });
});
