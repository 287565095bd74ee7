import { afterEach, describe, expect, it } from "vitest";
import { done, inside, json, namespaces, vpcctl } from "./vpcctl";

/** Dozens of program starts on a busy machine. */
const LONG_MS = 300_000;
const INTERNET = "203.0.113.10";

afterEach(async () => {
  await vpcctl("purge --yes");
}, LONG_MS);

const pings = async (netns: string, address: string): Promise<boolean> => (await inside(netns, "ping", "-c", "1", "-W", "1", address)).code === 0;
const routes = async (netns: string): Promise<string> => (await inside(netns, "ip", "route")).stdout;
const run = async (...lines: string[]): Promise<void> => {
  for (const line of lines) await done(line);
};

describe("what nouns and verbs make, in packets", () => {
  it("a private subnet gets out by a NAT gateway only, and `nat list` counts it", async () => {
    await run("vpc create prod --cidr 10.0.0.0/16", "subnet create prod/web --public", "subnet create prod/app", "subnet create prod/db");
    await run("nat create prod/web/nat", "route table create prod/out", "route add 0.0.0.0/0 --table prod/out --via nat", "subnet set prod/app --table out");
    expect(await Promise.all(["prod-web", "prod-app", "prod-db"].map((netns) => pings(netns, INTERNET)))).toEqual([true, true, false]);
    const listed = await json<{ subnet: string; counters: { txPackets: number } }[]>("nat list");
    expect(listed.map(({ subnet }) => subnet)).toEqual(["prod/web", "prod/app"]);
    for (const { counters } of listed) expect(counters.txPackets).toBeGreaterThan(0);

    await run("nacl deny prod/default --icmp --from 10.0.1.0/24");
    expect(await pings("prod-web", "10.0.2.2")).toBe(false);
    await run("nacl remove prod/default --ingress 10");
    expect(await pings("prod-web", "10.0.2.2")).toBe(true);

    await run("eip create fixed", "eip associate fixed prod/web");
    expect((await json<{ publicAddress: string }>("instance show prod-web")).publicAddress).toBe((await json<{ publicAddress: string }>("eip show fixed")).publicAddress);
  }, LONG_MS);

  it("public the older way has no internet before `nat enable`, and none after `nat disable`", async () => {
    await run("vpc create --name vpc1 --cidr 10.0.0.0/16", "subnet add --vpc vpc1 --name public --type public", "subnet add --vpc vpc1 --name private --type private");
    const both = () => Promise.all(["vpc1-public", "vpc1-private"].map((netns) => pings(netns, INTERNET)));
    expect(await both()).toEqual([false, false]);
    await run("nat enable --vpc vpc1 --interface eth0");
    expect(await both()).toEqual([true, false]);
    await run("nat disable --vpc vpc1");
    expect(await both()).toEqual([false, false]);
    await run("deploy webserver --vpc vpc1 --subnet private");
    expect((await inside("vpclab.host", "curl", "-sS", "-m", "5", "-o", "/dev/null", "http://10.0.2.2:8080")).code).toBe(0);
  }, LONG_MS);

  it("a peering is in each namespace's routes, also of a subnet that is added later; a peered VPC's deletion leaves none of it", async () => {
    await run("vpc create a --cidr 10.0.0.0/16", "subnet create a/one", "vpc create b --cidr 172.16.0.0/16", "subnet create b/one");
    expect(await pings("a-one", "172.16.1.2")).toBe(false);
    await run("peer create a b", "subnet create a/late");
    expect(await routes("a-one")).toContain("172.16.0.0/16 via 10.0.1.1");
    expect(await routes("a-late")).toContain("172.16.0.0/16 via 10.0.2.1");
    expect([await pings("a-late", "172.16.1.2"), await pings("b-one", "10.0.2.2")]).toEqual([true, true]);
    await run("vpc delete b");
    expect([await routes("a-one"), await routes("a-late")].join("")).not.toContain("172.16");
    expect(JSON.stringify(await json("route list"))).not.toContain("172.16");
    await run("vpc delete a");
    expect(namespaces()).toEqual([]);
  }, LONG_MS);

  it("`allow-cidr` opens one direction between two subnets; their neighbours stay blocked", async () => {
    await run("create-vpc --name vpc1 --cidr 10.0.0.0/16", "create-vpc --name vpc2 --cidr 10.1.0.0/16");
    for (const vpc of ["vpc1", "vpc2"]) await run(`add-subnet --vpc ${vpc} --name pub`, `add-subnet --vpc ${vpc} --name priv`);
    await run("peer-vpcs --bridge-a br-vpc1 --bridge-b br-vpc2");
    expect(await pings("vpc1-pub", "10.1.1.2")).toBe(false);
    await run("allow-cidr --src 10.0.1.0/24 --dst 10.1.1.0/24");
    expect([await pings("vpc1-pub", "10.1.1.2"), await pings("vpc2-pub", "10.0.1.2")]).toEqual([true, false]);
    await run("allow-cidr --src 10.1.1.0/24 --dst 10.0.1.0/24");
    expect(await pings("vpc2-pub", "10.0.1.2")).toBe(true);
    const blocked = [["vpc1-pub", "10.1.2.2"], ["vpc1-priv", "10.1.1.2"], ["vpc1-priv", "10.1.2.2"], ["vpc2-pub", "10.0.2.2"], ["vpc2-priv", "10.0.1.2"]] as const;
    expect(await Promise.all(blocked.map(([netns, address]) => pings(netns, address)))).toEqual(blocked.map(() => false));
    await run("isolate-vpcs --cidr-a 10.0.0.0/16 --cidr-b 10.1.0.0/16");
    expect(await pings("vpc1-pub", "10.1.1.2")).toBe(false);
  }, LONG_MS);
});
