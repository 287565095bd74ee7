import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { vpcctl } from "../vpcctl";
import { machineState } from "./machine-state";
import { Terminal } from "./terminal";

/**
 * “making a vpc from scratch”: T10, its five test scripts, with the outcome that each step asks for (the scripts themselves end
 * with “completed” whatever came out). 203.0.113.10 stands for 8.8.8.8. Each leaves nothing after `cleanup`.
 */
const at = new Terminal({ mode: "sandbox" });
let before: unknown;
beforeAll(async () => {
  before = await machineState();
});
afterEach(async () => {
  await at.walk("$ sudo vpcctl cleanup --yes");
  expect(await machineState()).toEqual(before);
});
afterAll(async () => {
  await vpcctl("purge --yes");
  at.close();
});

const TWO_VPCS = `
  $ sudo vpcctl create-vpc --name vpc1 --cidr 10.1.0.0/16
  > VPC vpc1  in place
  $ sudo vpcctl create-subnet --vpc vpc1 --name subnet1 --cidr 10.1.1.0/24 --type public
  > subnet vpc1/subnet1  in place
  $ sudo vpcctl create-vpc --name vpc2 --cidr 10.2.0.0/16
  $ sudo vpcctl create-subnet --vpc vpc2 --name subnet2 --cidr 10.2.1.0/24 --type public
`;
const ISOLATED = `
  $ sudo vpcctl exec --vpc vpc1 --subnet subnet1 ping -c 1 -W 1 10.2.1.2 > /dev/null 2>&1
  = 1
  $ sudo vpcctl exec --vpc vpc2 --subnet subnet2 ping -c 1 -W 1 10.1.1.2 > /dev/null 2>&1
  = 1
`;

describe("T10: the five test scripts of S4", { timeout: 240_000 }, () => {
  it("basic: a VPC with a public and a private subnet, which reach each other; only one has the internet", () => at.walk(`
    $ sudo vpcctl create-vpc --name vpc1 --cidr 10.0.0.0/16
    $ sudo vpcctl create-subnet --vpc vpc1 --name public1 --cidr 10.0.1.0/24 --type public
    $ sudo vpcctl create-subnet --vpc vpc1 --name private1 --cidr 10.0.2.0/24 --type private
    $ sudo vpcctl list-vpcs
    ~ ^vpc1 +10\\.0\\.0\\.0/16 +2
    $ sudo vpcctl list-subnets --vpc vpc1
    ~ ^vpc1/private1 +10\\.0\\.2\\.0/24 +private
    ~ ^vpc1/public1 +10\\.0\\.1\\.0/24 +public
    $ sudo vpcctl exec --vpc vpc1 --subnet public1 ping -c 1 -W 2 10.0.2.2
    > 1 received
    $ sudo vpcctl exec --vpc vpc1 --subnet private1 ping -c 1 -W 2 10.0.1.2
    > 1 received
    $ sudo vpcctl exec --vpc vpc1 --subnet public1 ping -c 1 -W 2 203.0.113.10
    > 1 received
    $ sudo vpcctl exec --vpc vpc1 --subnet private1 ping -c 1 -W 1 203.0.113.10
    = 1
    $ sudo vpcctl delete-subnet --vpc vpc1 --name private1
    $ sudo vpcctl -v list-subnets --vpc vpc1
    ! private1
    $ sudo vpcctl delete-vpc --name vpc1
    > With it go: subnet “public1”
  `));

  it("isolation: two VPCs do not reach each other, either way", () => at.walk(TWO_VPCS + ISOLATED));

  it("peering: not before, both ways after, and not when it is removed", () => at.walk(`
    ${TWO_VPCS}
    ${ISOLATED}
    $ sudo vpcctl create-peering --vpc1 vpc1 --vpc2 vpc2
    > peering connection vpc1-vpc2  in place
    $ sudo vpcctl exec --vpc vpc1 --subnet subnet1 ping -c 1 -W 2 10.2.1.2
    > 1 received
    $ sudo vpcctl exec --vpc vpc2 --subnet subnet2 ping -c 1 -W 2 10.1.1.2
    > 1 received
    $ sudo vpcctl delete-peering --vpc1 vpc1 --vpc2 vpc2
    ${ISOLATED}
  `));

  it("F14: firewall: a policy that blocks one port, which worked before; F12: and works again when it is cleared", () => at.walk(`
    $ sudo vpcctl create-vpc --name vpc1 --cidr 10.0.0.0/16
    $ sudo vpcctl create-subnet --vpc vpc1 --name public1 --cidr 10.0.1.0/24 --type public
    $ sudo vpcctl create-subnet --vpc vpc1 --name private1 --cidr 10.0.2.0/24 --type private
    $ sudo vpcctl exec --vpc vpc1 --subnet private1 python3 -m http.server 8080 > /dev/null 2>&1 &
    | HTTP_PID=$!
    $ until sudo ip netns exec vpc1-private1 ss -lnt | grep -q :8080; do :; done
    $ sudo vpcctl exec --vpc vpc1 --subnet public1 curl -s -m 2 http://10.0.2.2:8080 > /dev/null 2>&1
    $ cat > test-policy.yaml << EOF
    | rules:
    |   - action: drop
    |     protocol: tcp
    |     port: 8080
    |     direction: ingress
    | EOF
    $ sudo vpcctl apply-policy --vpc vpc1 --subnet private1 --file test-policy.yaml
    > deny tcp 8080
    $ sudo vpcctl exec --vpc vpc1 --subnet public1 curl -s -m 1 http://10.0.2.2:8080 > /dev/null 2>&1
    = 28
    $ sudo vpcctl clear-policy --vpc vpc1 --subnet private1
    $ sudo vpcctl exec --vpc vpc1 --subnet public1 curl -s -m 2 http://10.0.2.2:8080 > /dev/null 2>&1
    $ sudo kill $HTTP_PID
    $ wait $HTTP_PID
    = 143
    $ sudo ip netns exec vpc1-private1 ss -lnt
    ! :8080
  `));

  it("T6: three tiers: the web tier has the internet, the application has not; web reaches app, app reaches the database", () => at.walk(`
    $ sudo vpcctl create-vpc --name app-vpc --cidr 10.0.0.0/16
    $ sudo vpcctl create-subnet --vpc app-vpc --name web-tier --cidr 10.0.1.0/24 --type public
    $ sudo vpcctl create-subnet --vpc app-vpc --name app-tier --cidr 10.0.2.0/24 --type private
    $ sudo vpcctl create-subnet --vpc app-vpc --name db-tier --cidr 10.0.3.0/24 --type private
    $ sudo vpcctl exec --vpc app-vpc --subnet web-tier ping -c 1 -W 2 203.0.113.10
    > 1 received
    $ sudo vpcctl exec --vpc app-vpc --subnet app-tier ping -c 1 -W 1 203.0.113.10 > /dev/null 2>&1
    = 1
    $ sudo vpcctl exec --vpc app-vpc --subnet web-tier ping -c 1 -W 2 10.0.2.2
    > 1 received
    $ sudo vpcctl exec --vpc app-vpc --subnet app-tier ping -c 1 -W 2 10.0.3.2
    > 1 received
  `));

  it("application deployment: servers started by hand in a public and a private subnet, seen from the host", () => at.walk(`
    $ sudo vpcctl create-vpc --name vpc1 --cidr 10.0.0.0/16
    $ sudo vpcctl create-subnet --vpc vpc1 --name public1 --cidr 10.0.1.0/24 --type public
    $ sudo vpcctl create-subnet --vpc vpc1 --name private1 --cidr 10.0.2.0/24 --type private
    $ sudo vpcctl exec --vpc vpc1 --subnet public1 -- python3 -m http.server 8080 > /dev/null 2>&1 &
    $ sudo vpcctl exec --vpc vpc1 --subnet private1 -- python3 -m http.server 8081 > /dev/null 2>&1 &
    $ until sudo ip netns exec vpc1-public1 ss -lnt | grep -q :8080; do :; done
    $ until sudo ip netns exec vpc1-private1 ss -lnt | grep -q :8081; do :; done
    $ curl -s --connect-timeout 2 http://10.0.1.2:8080 > /dev/null
    # Their script asks the gateways (.1), where nothing listens: neither of the two answers.
    $ curl -s --connect-timeout 1 http://10.0.1.1:8080
    = 28
    $ curl -s --connect-timeout 1 http://10.0.2.1:8081
    = 28
    # Their script leaves its servers behind; here the clean-up ends what runs in a namespace that goes.
    $ sudo vpcctl delete-vpc --name vpc1
    $ wait
  `));
});
