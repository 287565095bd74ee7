import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { vpcctl } from "../vpcctl";
import { machineState } from "./machine-state";
import { Terminal } from "./terminal";

/** “Building your own VPC on Linux”: its demonstration in fourteen steps, line by line; 203.0.113.10 stands for 8.8.8.8. */
const at = new Terminal({ mode: "sandbox" });
let before: unknown;
beforeAll(async () => {
  before = await machineState();
});
afterAll(async () => {
  await vpcctl("purge --yes");
  at.close();
});

describe("C20: the demonstration of S1, step by step", { timeout: 240_000 }, () => {
  it("2 to 5: a VPC with two subnets, NAT and two web servers", () => at.walk(`
    $ sudo vpcctl vpc create --name vpc1 --cidr 10.0.0.0/16
    > VPC vpc1  in place
    $ sudo vpcctl vpc list
    ~ ^vpc1 +10\\.0\\.0\\.0/16 +0
    $ sudo vpcctl subnet add --vpc vpc1 --name public --cidr 10.0.1.0/24 --type public
    > subnet vpc1/public  in place
    $ sudo vpcctl subnet add --vpc vpc1 --name private --cidr 10.0.2.0/24 --type private
    > subnet vpc1/private  in place
    $ sudo vpcctl vpc list
    ~ ^vpc1 +10\\.0\\.0\\.0/16 +2
    # The way out is there when it is asked for, not before.
    $ sudo timeout 3 ip netns exec vpc1-public ping -c 1 -W 1 203.0.113.10
    = 1
    $ IFACE=$(ip route | grep default | awk '{print $5}' | head -1)
    $ test -n "$IFACE"
    $ sudo vpcctl nat enable --vpc vpc1 --interface $IFACE
    > internet gateway vpc1/vpc1-igw  in place
    $ sudo vpcctl deploy webserver --vpc vpc1 --subnet public --port 8080
    > Test URL: http://10.0.1.2:8080
    $ sudo vpcctl deploy webserver --vpc vpc1 --subnet private --port 8081
    > Test URL: http://10.0.2.2:8081
  `));

  it("6: subnets of one VPC reach each other", () => at.walk(`
    $ sudo ip netns exec vpc1-public ping -c 1 10.0.2.2
    > 1 received
    $ sudo ip netns exec vpc1-private ping -c 1 10.0.1.2
    > 1 received
  `));

  it("7: the public subnet has the internet and its names, the private one has not", () => at.walk(`
    $ sudo ip netns exec vpc1-public ping -c 1 203.0.113.10
    > 1 received
    $ sudo ip netns exec vpc1-public curl -I --max-time 5 internet.example
    > 200 OK
    $ sudo timeout 3 ip netns exec vpc1-private ping -c 1 -W 1 203.0.113.10
    = 1
    > 0 received
  `));

  it("8: the web servers answer the host, and each other's subnet", () => at.walk(`
    $ curl --max-time 3 http://10.0.1.2:8080 > /dev/null 2>&1
    $ curl -sI --max-time 3 http://10.0.1.2:8080
    > 200 OK
    $ sudo ip netns exec vpc1-public curl --max-time 3 http://10.0.2.2:8081
    > vpc1-private
  `));

  it("9 and 10: a second VPC is isolated from the first, both ways", () => at.walk(`
    $ sudo vpcctl vpc create --name vpc2 --cidr 172.16.0.0/16
    $ sudo vpcctl subnet add --vpc vpc2 --name public --cidr 172.16.1.0/24 --type public
    $ sudo vpcctl nat enable --vpc vpc2 --interface $IFACE
    $ sudo vpcctl deploy webserver --vpc vpc2 --subnet public --port 8080
    > http://172.16.1.2:8080
    $ sudo timeout 3 ip netns exec vpc1-public ping -c 1 -W 1 172.16.1.2
    = 1
    $ sudo timeout 3 ip netns exec vpc2-public ping -c 1 -W 1 10.0.1.2
    = 1
    $ sudo ip netns exec vpc1-public curl -s --max-time 1 http://172.16.1.2:8080
    = 28
  `));

  it("11 and 12: with a peering they reach each other, and each namespace shows the route", () => at.walk(`
    $ sudo vpcctl peer create --vpc1 vpc1 --vpc2 vpc2
    > peering connection vpc1-vpc2  in place
    $ sudo ip netns exec vpc1-public ping -c 1 172.16.1.2
    > 1 received
    $ sudo ip netns exec vpc2-public ping -c 1 10.0.1.2
    > 1 received
    $ sudo ip netns exec vpc1-public ip route
    > 172.16.0.0/16 via 10.0.1.1
    $ sudo ip netns exec vpc2-public ip route
    > 10.0.0.0/16 via 172.16.1.1
  `));

  it("13: a policy lets 8080 in and nothing else", () => at.walk(`
    $ cat > test-policy.json <<EOF
    | {
    |   "subnet": "10.0.1.0/24",
    |   "ingress": [
    |     {"port": 8080, "protocol": "tcp", "action": "allow"},
    |     {"port": 22, "protocol": "tcp", "action": "deny"}
    |   ]
    | }
    | EOF
    $ sudo vpcctl firewall apply --vpc vpc1 --subnet public --policy test-policy.json
    > No default is named: what no rule names is denied
    $ curl --max-time 3 http://10.0.1.2:8080
    > vpc1-public
    $ sudo ip netns exec vpc1-private timeout 1 bash -c "</dev/tcp/10.0.1.2/22"
    # No answer at all: dropped, not refused.
    = 124
  `));

  it("14: the log has every action; lists show all there is", () => at.walk(`
    $ sudo vpcctl logs --last 30
    ~ ^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  root .*VPC “vpc1” added.* done
    > subnet “vpc1/private” added
    > internet gateway “vpc1/vpc1-igw” added
    > instance “vpc1/public/main”: web server off → port 8080
    > peering connection “vpc1-vpc2” added
    > deny tcp 22
    $ sudo vpcctl vpc list
    ~ ^vpc1 +10\\.0\\.0\\.0/16 +2
    ~ ^vpc2 +172\\.16\\.0\\.0/16 +1
    $ ip netns list
    ~ ^vpc1-public
    ~ ^vpc1-private
    ~ ^vpc2-public
    # Bridges are in the router of their VPC; the host has none.
    $ ip link show type bridge | grep "br-"
    = 1
    $ sudo ip netns exec vpc1 ip link show type bridge | grep -c "br-"
    > 2
    $ sudo vpcctl inspect
    ~ ^public +10\\.0\\.1\\.0/24 +public +br-\\w+ +10\\.0\\.1\\.1
    ~ ^private +10\\.0\\.2\\.0/24 +private +br-\\w+ +10\\.0\\.2\\.1
    > blackhole default
  `));

  it("clean-up: deleting a peered VPC takes the peer's routes along, and nothing is left of both", async () => {
    await at.walk(`
      $ sudo vpcctl vpc delete --name vpc1
      > With it go: 2 subnets, 2 instances
      $ sudo ip netns exec vpc2-public ip route
      ! 10.0.0.0/16
      $ sudo vpcctl vpc delete --name vpc2
      $ sudo vpcctl vpc list
      > No VPC yet.
      $ ip netns list | wc -l
      ~ ^0$
    `);
    expect(await machineState()).toEqual(before);
  });
});
