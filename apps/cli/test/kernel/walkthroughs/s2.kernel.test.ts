import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { vpcctl } from "../vpcctl";
import { machineState } from "./machine-state";
import { Terminal } from "./terminal";

/** “Building a mini-VPC on Linux”: its command lines, in the order of its list of eight checks (T9). 203.0.113.10 stands for 8.8.8.8. */
const at = new Terminal({ mode: "sandbox" });
let before: unknown;
beforeAll(async () => {
  before = await machineState();
});
afterAll(async () => {
  await vpcctl("purge --yes");
  at.close();
});

describe("T8, T9: S2's eight checks, which are its list of what is accepted, too", { timeout: 240_000 }, () => {
  it("1: create and inspect; C12: a clean start needs nothing to be there", () => at.walk(`
    $ sudo vpcctl teardown-vpc --name vpc1 || true
    > There is no VPC “vpc1”: nothing to delete.
    $ sudo vpcctl create-vpc --name vpc1 --cidr 10.0.0.0/16
    $ sudo vpcctl add-subnet --vpc vpc1 --name publicsub --cidr 10.0.1.0/24
    $ sudo vpcctl add-subnet --vpc vpc1 --name privatesub --cidr 10.0.2.0/24
    $ sudo vpcctl inspect
    > VPC vpc1
    ~ ^publicsub +10\\.0\\.1\\.0/24 +private +br-\\w+ +10\\.0\\.1\\.1
    ~ ^vpc1-privatesub +privatesub/main +10\\.0\\.2\\.2
    ~ bridge br-\\w+ up 10\\.0\\.1\\.1/24
    ~ ^ +10\\.0\\.2\\.0/24 dev br-
    ! (down)
    ! not on the bridge
    $ ip netns list
    ~ ^vpc1-publicsub
    ~ ^vpc1-privatesub
  `));

  it("2: ping within the VPC", () => at.walk(`
    $ sudo vpcctl allow-intra-vpc vpc1
    > reach each other already
    $ sudo ip netns exec vpc1-publicsub ping -c 1 10.0.2.2
    > 1 received
    $ sudo ip netns exec vpc1-privatesub ping -c 1 10.0.1.2
    > 1 received
    ! Redirect Host
  `));

  it("3: NAT for the public subnet only", () => at.walk(`
    $ sudo vpcctl enable-nat --vpc vpc1 --subnet publicsub --wan eth0
    > Interface “eth0” is not touched
    $ sudo ip netns exec vpc1-publicsub ping -c 1 203.0.113.10
    > 1 received
    $ sudo ip netns exec vpc1-privatesub ping -c 1 -W 1 203.0.113.10
    = 1
    $ sudo vpcctl nat list
    ~ ^vpc1/publicsub +10\\.0\\.1\\.0/24
    ! privatesub
  `));

  it("4: an application answers with 200, in its VPC and to the host", () => at.walk(`
    $ sudo vpcctl deploy-http --vpc vpc1 --subnet publicsub --port 80
    > Test URL: http://10.0.1.2:80
    $ sudo ip netns exec vpc1-privatesub curl -sI http://10.0.1.2:80
    > 200 OK
    $ curl -sI http://10.0.1.2:80
    > 200 OK
  `));

  it("5: a second VPC is isolated", () => at.walk(`
    $ sudo vpcctl create-vpc --name vpc2 --cidr 10.1.0.0/16
    $ sudo vpcctl add-subnet --vpc vpc2 --name publicsub --cidr 10.1.1.0/24
    $ sudo vpcctl add-subnet --vpc vpc2 --name privatesub --cidr 10.1.2.0/24
    $ sudo vpcctl allow-intra-vpc vpc2
    $ sudo vpcctl enable-nat --vpc vpc2 --subnet publicsub --wan eth0
    $ sudo vpcctl isolate-vpcs --cidr-a 10.0.0.0/16 --cidr-b 10.1.0.0/16
    > are isolated
    $ sudo ip netns exec vpc1-publicsub ping -c 1 -W 1 10.1.1.2
    = 1
    $ sudo ip netns exec vpc2-publicsub ping -c 1 -W 1 10.0.1.2
    = 1
  `));

  it("6: B17: peered for public to public only; private subnets stay blocked", () => at.walk(`
    $ sudo vpcctl peer-vpcs --bridge-a br-vpc1 --bridge-b br-vpc2
    > Nothing passes yet
    $ sudo ip netns exec vpc1-publicsub ping -c 1 -W 1 10.1.1.2
    = 1
    $ sudo vpcctl allow-cidr --src 10.0.1.0/24 --dst 10.1.1.0/24
    $ sudo vpcctl allow-cidr --src 10.1.1.0/24 --dst 10.0.1.0/24
    $ sudo ip netns exec vpc1-publicsub ping -c 1 10.1.1.2
    > 1 received
    $ sudo ip netns exec vpc2-publicsub ping -c 1 10.0.1.2
    > 1 received
    $ sudo ip netns exec vpc2-publicsub curl -sI -m 2 http://10.0.1.2:80
    > 200 OK
    $ sudo ip netns exec vpc1-publicsub ping -c 1 -W 1 10.1.2.2
    = 1
    $ sudo ip netns exec vpc1-privatesub ping -c 1 -W 1 10.1.1.2
    = 1
    $ sudo ip netns exec vpc1-privatesub ping -c 1 -W 1 10.1.2.2
    = 1
    $ sudo ip netns exec vpc2-privatesub ping -c 1 -W 1 10.0.1.2
    = 1
  `));

  it("7: a JSON policy: 80 passes, 22 does not, which did before", () => at.walk(`
    $ sudo ip netns exec vpc1-publicsub python3 -m http.server 22 > /dev/null 2>&1 &
    $ until sudo ip netns exec vpc1-publicsub ss -lnt | grep -q :22; do :; done
    $ sudo ip netns exec vpc1-privatesub timeout 1 bash -c "</dev/tcp/10.0.1.2/22" && echo OPEN || echo BLOCKED
    > OPEN
    $ cat > policy.json <<EOF
    | {"subnet": "10.0.1.0/24", "ingress": [{"port": 80, "protocol": "tcp", "action": "allow"}, {"port": 22, "protocol": "tcp", "action": "deny"}]}
    | EOF
    $ sudo vpcctl apply-policy --vpc vpc1 --subnet publicsub --file policy.json
    $ sudo ip netns exec vpc1-privatesub timeout 1 bash -c "</dev/tcp/10.0.1.2/22" && echo OPEN || echo BLOCKED
    > BLOCKED
    $ sudo ip netns exec vpc1-privatesub curl -sI -m 2 http://10.0.1.2:80
    > 200 OK
  `));

  it("8: inspect, tear down, and the lists are empty", async () => {
    await at.walk(`
      $ sudo vpcctl inspect
      > VPC vpc1
      > VPC vpc2
      # The record of it all.
      $ sudo vpcctl logs
      > VPC “vpc1” added
      > deny tcp 22
      $ sudo vpcctl teardown-vpc --name vpc1
      $ sudo vpcctl teardown-vpc --name vpc2
      $ sudo vpcctl inspect
      > No VPCs.
      $ ip netns list | wc -l
      ~ ^0$
      # The server that was started by hand went with its network.
      $ wait
    `);
    expect(await machineState()).toEqual(before);
  });
});
