import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { vpcctl } from "../vpcctl";
import { machineState } from "./machine-state";
import { Terminal } from "./terminal";

/**
 * Quick starts of the other programs called vpcctl that were written for the same exercise. Their namespaces are called `ns-<vpc>-<subnet>`;
 * here they are `<vpc>-<subnet>`, as in the articles. 203.0.113.10 stands for 8.8.8.8.
 */
const at = new Terminal({ mode: "sandbox" });
let before: unknown;
beforeAll(async () => {
  before = await machineState();
});
afterEach(async () => {
  expect(await machineState()).toEqual(before);
});
afterAll(async () => {
  await vpcctl("purge --yes");
  at.close();
});

describe("siblings", { timeout: 240_000 }, () => {
  it("destiny: by position, a peering for chosen ranges, verify and clean-up", () => at.walk(`
    $ vpcctl --dry-run create test --cidr 10.99.0.0/16
    > Makes a router namespace for 10.99.0.0/16
    $ ip netns list | wc -l
    ~ ^0$
    $ sudo vpcctl create myvpc --cidr 10.10.0.0/16
    $ sudo vpcctl add-subnet myvpc public --cidr 10.10.1.0/24
    $ sudo vpcctl add-subnet myvpc private --cidr 10.10.2.0/24
    $ sudo vpcctl enable-nat myvpc --interface eth0 --subnet public
    $ sudo vpcctl deploy-app myvpc public --port 8080
    $ sudo ip netns exec myvpc-private curl -s http://10.10.1.2:8080
    > myvpc-public
    $ sudo ip netns exec myvpc-public ping -c 1 203.0.113.10
    $ sudo ip netns exec myvpc-private ping -c 1 -W 1 203.0.113.10
    = 1
    $ sudo vpcctl create othervpc --cidr 10.20.0.0/16
    $ sudo vpcctl add-subnet othervpc public --cidr 10.20.1.0/24
    $ sudo vpcctl deploy-app othervpc public --port 8080
    $ sudo ip netns exec myvpc-public curl -s --connect-timeout 1 http://10.20.1.2:8080 || echo "blocked by default (expected)"
    > blocked by default
    $ sudo vpcctl peer create myvpc othervpc --allow-cidrs 10.10.1.0/24,10.20.1.0/24
    $ sudo ip netns exec myvpc-public curl -s http://10.20.1.2:8080
    > othervpc-public
    $ sudo ip netns exec myvpc-private curl -s --connect-timeout 1 http://10.20.1.2:8080
    = 28
    $ sudo vpcctl inspect myvpc --json
    > "name": "myvpc"
    $ sudo vpcctl verify
    > nothing is left over
    $ sudo vpcctl stop-app --vpc myvpc --subnet public
    $ sudo ip netns exec myvpc-private curl -s --connect-timeout 2 http://10.10.1.2:8080
    = 7
    $ sudo vpcctl delete othervpc
    $ sudo vpcctl delete myvpc
    $ sudo vpcctl verify
    > nothing is left over
  `));

  it("adaeze: a policy with a source: the own VPC gets in, the peer does not", () => at.walk(`
    $ vpcctl create vpc1 10.1.0.0/16
    $ vpcctl subnet-add vpc1 public 10.1.1.0/24 --type public
    $ vpcctl subnet-add vpc1 private 10.1.2.0/24
    $ vpcctl show-vpc vpc1
    > 10.1.2.0/24
    $ vpcctl deploy-workload vpc1 public --port 8001
    $ ip netns exec vpc1-public ping -c 1 203.0.113.10
    $ vpcctl create vpc2 10.2.0.0/16
    $ vpcctl subnet-add vpc2 public 10.2.1.0/24 --type public
    $ timeout 3 ip netns exec vpc2-public curl -s -m 1 http://10.1.1.2:8001
    = 28
    $ vpcctl create-peering vpc1 vpc2
    $ ip netns exec vpc2-public curl -s -m 2 http://10.1.1.2:8001
    > vpc1-public
    $ cat > restrict-policy.json << 'EOF'
    | {
    |   "subnet": "10.1.1.0/24",
    |   "ingress": [
    |     {"port": 8001, "protocol": "tcp", "source": "10.1.0.0/16", "action": "allow"},
    |     {"port": 22, "protocol": "tcp", "source": "0.0.0.0/0", "action": "deny"}
    |   ]
    | }
    | EOF
    $ vpcctl policy-apply vpc1 public restrict-policy.json
    $ vpcctl policy-show vpc1 public
    > allow tcp 8001 from 10.1.0.0/16
    $ ip netns exec vpc1-private curl -s -m 2 http://10.1.1.2:8001
    > vpc1-public
    $ ip netns exec vpc2-public curl -s -m 1 http://10.1.1.2:8001
    = 28
    $ vpcctl policy-clear vpc1 public
    $ ip netns exec vpc2-public curl -s -m 2 http://10.1.1.2:8001
    > vpc1-public
    $ vpcctl del vpc1
    $ vpcctl del vpc2
  `));

  it("Clue-ess-coder, TheYemi: VPC and subnet by position, a line for a shell, nginx, ICMP types, one policy for a VPC", () => at.walk(`
    $ vpcctl create-vpc one 10.1.0.0/16
    $ vpcctl add-subnet one web 10.1.1.0/24 --type public
    $ vpcctl create-vpc two 10.2.0.0/16
    $ vpcctl add-subnet two web 10.2.1.0/24 --type public
    $ vpcctl peer one two
    $ vpcctl deploy nginx one web 80 2>&1
    > nothing of the machine's is started
    $ vpcctl exec two web "curl -s -m 2 http://10.1.1.2:80 | wc -l"
    ~ ^[1-9]
    $ vpcctl exec two web -- ping -c 1 -W 2 10.1.1.2
    $ cat > icmp.json << 'EOF'
    | {"mode": "restrictive", "ingress": [
    |   {"port": 80, "protocol": "tcp", "action": "reject", "log": true},
    |   {"protocol": "icmp", "icmp_type": "echo-request", "action": "allow"},
    |   {"protocol": "icmp", "icmp_type": "echo-reply", "action": "allow"}
    | ]}
    | EOF
    $ vpcctl firewall apply --vpc one --policy icmp.json
    $ vpcctl exec two web "curl -s -m 1 http://10.1.1.2:80"
    = 28
    $ vpcctl exec two web ping -c 1 -W 2 10.1.1.2
    $ vpcctl exec one web ping -c 1 -W 2 10.2.1.2
    $ vpcctl firewall clear --vpc one
    $ vpcctl exec two web "curl -s -m 2 http://10.1.1.2:80"
    > one-web
    $ vpcctl validate
    > nothing is left over
    $ vpcctl unpeer one two
    $ vpcctl delete one
    $ vpcctl delete two
  `));

  it("davies: names and ranges by position", () => at.walk(`
    $ sudo vpcctl create-vpc demo-vpc 172.16.0.0/16
    $ sudo vpcctl add-subnet demo-vpc web 172.16.1.0/24 --type public
    $ sudo vpcctl add-subnet demo-vpc db 172.16.2.0/24 --type private
    $ sudo vpcctl enable-nat demo-vpc --interface eth0
    $ sudo vpcctl show-vpc demo-vpc
    > 172.16.2.0/24
    $ sudo ip netns exec demo-vpc-web ping -c 1 172.16.2.2
    $ sudo ip netns exec demo-vpc-web ping -c 1 203.0.113.10
    $ sudo vpcctl delete-vpc demo-vpc
  `));
});
