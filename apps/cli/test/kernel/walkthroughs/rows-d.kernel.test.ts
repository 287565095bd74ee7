import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namespaces, stateDir, vpcctl } from "../vpcctl";
import { machineState } from "./machine-state";
import { Terminal } from "./terminal";

/** What the older tools promise of clean-up, state and logs, row by row, and what is wrong use. */
const at = new Terminal({ mode: "sandbox" });
let before: unknown;

beforeAll(async () => {
  before = await machineState();
  await at.walk(`
    $ sudo vpcctl vpc create --name vpc1 --cidr 10.0.0.0/16
    $ sudo vpcctl create-subnet --vpc vpc1 --name public --cidr 10.0.1.0/24 --type public
    $ sudo vpcctl create-subnet --vpc vpc1 --name private --cidr 10.0.2.0/24 --type private
    $ sudo vpcctl create-vpc --name vpc2 --cidr 172.16.0.0/16
    $ sudo vpcctl create-subnet --vpc vpc2 --name public --cidr 172.16.1.0/24 --type public
    $ sudo vpcctl create-peering --vpc1 vpc1 --vpc2 vpc2
    $ ip netns exec vpc1-public ping -c 1 172.16.1.2
  `);
}, 240_000);
afterAll(async () => {
  await vpcctl("purge --yes");
  at.close();
});

describe("clean-up, state and logs", { timeout: 240_000 }, () => {
  it("C16: without arguments, or with wrong ones, the usage is shown, and the exit code is not 0", () => at.walk(`
    $ vpcctl
    = 2
    > Usage: vpcctl
    $ vpcctl vpc create --nmae vpc1
    = 2
    > --name
    $ vpcctl crate-vpc --name vpc1
    = 2
    > create-vpc
    $ vpcctl help older
    > isolate-vpcs
  `));

  it("D9: the second create of the same name is fine with the same content, and an error with other content", () => at.walk(`
    $ sudo vpcctl vpc create --name vpc1 --cidr 10.0.0.0/16
    > VPC “vpc1” is there already
    $ sudo vpcctl create-vpc --name vpc1 --cidr 10.9.0.0/16
    = 5
    > CIDR is 10.0.0.0/16, not 10.9.0.0/16
    $ sudo vpcctl create-subnet --vpc vpc1 --name public --cidr 10.0.1.0/24 --type public
    > is there already
    $ sudo vpcctl create-subnet --vpc vpc1 --name public --cidr 10.0.1.0/24 --type private
    = 5
    > type is public, not private
    $ ip netns exec vpc1-public ping -c 1 10.0.2.2
  `));

  it("D10: a create that is refused leaves nothing and touches nothing", async () => {
    const there = await machineState();
    await at.walk(`
      $ sudo vpcctl create-subnet --vpc vpc1 --name third --cidr 10.0.1.128/25 --type public
      = 2
      > overlaps
      $ sudo vpcctl create-vpc --name vpc3 --cidr abc
      = 2
      $ sudo vpcctl create-subnet --vpc vpc1 --name outside --cidr 10.7.1.0/24 --type private
      = 2
      > 10.0.0.0/16
    `);
    expect(await machineState()).toEqual(there);
  });

  it("D6: the state is on disk: each command is a process of its own and knows what is there", () => at.walk(`
    $ test -d $VPCLAB_AGENT_STATE
    $ sudo vpcctl vpc list
    ~ ^vpc1
    ~ ^vpc2
  `));

  it("D7, D8: every action is in the log with its time and result, and with every command and rule behind it", () => at.walk(`
    $ sudo vpcctl logs
    ~ ^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  root  apply default: VPC “vpc1” added
    > peering connection “vpc1-vpc2” added
    $ sudo vpcctl logs --verbose
    > ip netns add vpc1
    > policy drop
    $ sudo vpcctl logs --script last
    > #!/bin/sh
    > pcx-
  `));

  it("D2: what runs in a subnet ends before its network goes", () => at.walk(`
    $ sudo vpcctl deploy webserver --vpc vpc1 --subnet private --port 8081
    $ ip netns exec vpc1-private python3 -m http.server 9000 > /dev/null 2>&1 &
    | SERVER=$!
    $ until ip netns exec vpc1-private ss -lnt | grep -q :9000; do :; done
    $ sudo vpcctl delete-subnet --vpc vpc1 --name private
    > instance vpc1/private/main
    $ wait $SERVER
    = 137
    $ ip netns list
    ! vpc1-private
  `));

  it("D3, D4: one command deletes a peered VPC with everything in it, and the peer has no trace of it", () => at.walk(`
    $ sudo vpcctl vpc delete --name vpc1
    > With it go: subnet “public”, instance “main”, internet gateway “vpc1-igw”, peering connection “vpc1-vpc2”.
    $ ip netns list
    ! vpc1
    $ ip netns exec vpc2-public ip route
    ! 10.0.0.0/16
    $ ip -n vpc2 -4 route show table all
    ! 10.0.0.0/16
    $ ip -n vpc2 -o link
    ! pcx-
    $ ip netns exec vpc2 nft list ruleset
    ! pcx-
    ! 10.0.0.0/16
    $ sudo vpcctl inspect
    ! vpc1
    $ ip netns exec vpc2-public ping -c 1 203.0.113.10
  `));

  it("D11: namespaces that nobody knows any more are found, said and removed; somebody else's are not touched", async () => {
    await at.walk(`
      $ sudo vpcctl verify
      > nothing is left over
      $ ip netns add somebody-elses
    `);
    rmSync(stateDir, { recursive: true });
    await at.walk(`
      $ sudo vpcctl verify
      = 1
      > namespace vpc2-public belongs to no topology here
      > vpcctl purge --all
      ! somebody-elses
      $ sudo vpcctl doctor
      > vpc2-public
      $ sudo vpcctl purge --all --yes
      > vpc2-public
      $ sudo vpcctl verify
      > nothing is left over
    `);
    expect(namespaces()).toEqual(["somebody-elses"]);
    await at.walk("$ ip netns delete somebody-elses");
  });

  it("C19, D1: the clean-up asks, and leaves the machine as it was", async () => {
    await at.walk(`
      $ sudo vpcctl create --name prod
      $ sudo vpcctl cleanup-all
      = 2
      $ ip netns list
      > prod-pub
      $ sudo vpcctl cleanup-all --yes
      $ sudo vpcctl cleanup-all --yes
      > There is nothing to remove.
    `);
    expect(await machineState()).toEqual(before);
  });
});
