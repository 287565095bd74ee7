import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { done, inside, namespaces, run, vpcctl } from "../vpcctl";
import { machinePicture, processesElsewhere } from "./machine-picture";

const LONG_MS = 300_000;
const TEN = Array.from({ length: 10 }, (_, nr) => nr);
const sh = (script: string) => run("sh", ["-ec", script]);

/** What other programs have on the same machine, with names that look like ours. */
const FOREIGN = `
ip netns add vpc-of-somebody; ip -n vpc-of-somebody link add br-prod type bridge; ip -n vpc-of-somebody link set lo up
ip link add br-prod type bridge; ip address add 10.99.0.1/24 dev br-prod
ip link add veth-prod type veth peer name veth-dev
nft 'add table ip vpc; add chain ip vpc prod { type filter hook forward priority 0; policy drop; }; add rule ip vpc prod ip saddr 10.0.0.0/16 accept comment "vpcctl:prod"'
nft 'add table inet vpclab-of-somebody; add chain inet vpclab-of-somebody c'`;

afterAll(async () => {
  await vpcctl("purge --all --yes");
  await sh("ip netns delete vpc-of-somebody; ip link delete br-prod; ip link delete veth-prod; nft delete table ip vpc; nft delete table inet vpclab-of-somebody; rm -r /etc/netns/vpc-of-somebody");
});

describe("delete", () => {
  it("of ten VPCs leaves no rule, namespace, process, file or mount; what others have stays as it is, also after purge", async () => {
    await sh(FOREIGN);
    mkdirSync("/etc/netns/vpc-of-somebody", { recursive: true });
    writeFileSync("/etc/netns/vpc-of-somebody/resolv.conf", "nameserver 192.0.2.53\n");
    const before = await machinePicture();
    for (const nr of TEN) await done(`create --name vpc${nr} --cidr 10.${nr}.0.0/16`);
    await done("peer create vpc0 vpc1");
    await done("deploy webserver vpc0/pub --port 8080");
    expect(namespaces().length).toBeGreaterThan(30);
    expect(processesElsewhere().some((line) => line.includes("web-server"))).toBe(true);
    for (const nr of TEN) await done(`vpc delete vpc${nr} --yes`);
    expect(await machinePicture()).toEqual(before);
    // And by purge, which knows everything by its mark.
    await done("create --name again --cidr 10.0.0.0/16");
    await done("purge --yes");
    expect(await machinePicture()).toEqual(before);
    await done("purge --all --yes");
    expect(await machinePicture()).toEqual(before);
  }, LONG_MS);

  it("of a VPC or a subnet ends the servers in it, ours and others' alike", async () => {
    await done("create --name shop --cidr 10.0.0.0/16");
    await done("deploy webserver shop/pub --port 8080");
    await sh("ip netns exec shop-priv sleep 1000 >/dev/null 2>&1 & ip netns exec shop-pub sh -c 'trap \"\" TERM; while :; do sleep 1000; done' >/dev/null 2>&1 &");
    await expect.poll(() => processesElsewhere().filter((line) => line.includes("sleep 1000")).length).toBeGreaterThan(1);
    await done("subnet delete shop/priv --yes");
    expect(processesElsewhere().filter((line) => / sleep 1000$/.test(line))).toHaveLength(1);
    await done("vpc delete shop --yes");
    expect(processesElsewhere()).toEqual([]);
  }, LONG_MS);

  it("of a peered VPC takes its peering, routes and rules out of the peer, which goes on", async () => {
    await done("vpc create left --cidr 10.1.0.0/16");
    await done("subnet create left/a --cidr 10.1.1.0/24");
    await done("subnet create left/b --cidr 10.1.2.0/24");
    const alone = (await machinePicture()).networks.filter((text) => text.startsWith("left"));
    const drawn = await done("export -");
    await done("vpc create right --cidr 10.2.0.0/16");
    await done("subnet create right/a --cidr 10.2.1.0/24");
    await done("peer create left right");
    expect((await inside("left-a", "ping", "-c", "1", "-W", "2", "10.2.1.2")).code).toBe(0);
    await done("vpc delete right --yes");
    expect(await done("export -")).toBe(drawn);
    const after = (await machinePicture()).networks.filter((text) => text.startsWith("left"));
    expect(after.map(sorted)).toEqual(alone.map(sorted));
    expect((await inside("left-a", "ping", "-c", "1", "-W", "2", "10.1.2.2")).code).toBe(0);
    expect((await vpcctl("diff")).code).toBe(0);
    await done("teardown --yes");
  }, LONG_MS);
});

/** Counters and sets are listed by when they were made. */
const sorted = (text: string): string[] => text.split("\n").sort();
