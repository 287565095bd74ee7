import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { done, inside, run, stateDir, vpcctl } from "../vpcctl";
import { machinePicture } from "./machine-picture";

const LONG_MS = 240_000;
const HOST = { VPCLAB_AGENT_MODE: "host", VPCLAB_AGENT_UPLINK: "up0" };
const onHost = { env: HOST };
const sh = async (script: string): Promise<void> => expect(await run("sh", ["-ec", script])).toMatchObject({ code: 0 });
const ping = async (from: string, to: string): Promise<boolean> => (await inside(from, "ping", "-c", "1", "-W", "2", to)).code === 0;

/** This test's own network namespace plays the host: behind an uplink, with another program's firewall, a LAN, and forwarding off. */
beforeAll(() => sh(`
ip netns add provider; ip link add up0 type veth peer name far0 netns provider
ip address add 192.0.2.2/24 dev up0; ip link set up0 up; ip route add default via 192.0.2.1
ip -n provider address add 192.0.2.1/24 dev far0; ip -n provider link set far0 up; ip -n provider link set lo up
ip link add lan0 type veth peer name lan1; ip address add 10.7.8.1/24 dev lan0; ip link set lan0 up; ip link set lan1 up
nft 'add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }; add rule ip filter FORWARD iifname "docker0" accept'
sysctl -qw net.ipv4.ip_forward=0 net.ipv4.conf.up0.forwarding=0 net.ipv4.conf.all.rp_filter=1`), LONG_MS);
afterAll(async () => {
  await vpcctl("purge --all --yes", onHost);
  await sh("ip link delete up0; ip link delete lan0; ip netns delete provider; nft delete table ip filter; sysctl -qw net.ipv4.ip_forward=0");
}, LONG_MS);

describe("on a real host", () => {
  it("a create lets the public subnet out through a FORWARD policy of drop, and delete puts forwarding, sysctls and rules back as they were", async () => {
    const before = await machinePicture();
    await done("create --name shop --cidr 10.0.0.0/16", onHost);
    expect([await ping("shop-pub", "192.0.2.1"), await ping("shop-priv", "192.0.2.1")]).toEqual([true, false]);
    const { sysctls } = await machinePicture();
    expect(sysctls).toMatch(/conf\.up0\.forwarding = 1/);
    expect(sysctls).toMatch(/net\.ipv4\.ip_forward = 0/);
    await done("vpc delete shop --yes", onHost);
    expect(await machinePicture()).toEqual(before);
  }, LONG_MS);

  it("what the host's administrator changes meanwhile stays: only own changes are taken back", async () => {
    await sh("sysctl -qw net.ipv4.conf.up0.forwarding=1");
    const before = await machinePicture();
    await done("create --name shop --cidr 10.0.0.0/16", onHost);
    await done("teardown --yes", onHost);
    expect(await machinePicture()).toEqual(before);
    await sh("sysctl -qw net.ipv4.conf.up0.forwarding=0");
  }, LONG_MS);

  it("purge puts everything back, with its state and without", async () => {
    const before = await machinePicture();
    await done("create --name shop --cidr 10.0.0.0/16", onHost);
    await done("purge --yes");
    expect(await machinePicture()).toEqual(before);
    await done("create --name shop --cidr 10.0.0.0/16", onHost);
    rmSync(stateDir, { recursive: true });
    await done("purge --yes");
    // What forwarding was before stood in the state that is lost, and so did whose the mount of /run/netns is.
    const normal = (picture: Awaited<ReturnType<typeof machinePicture>>) => ({ ...picture, mounts: [], sysctls: picture.sysctls.replace(/(up0\.forwarding = )\d/, "$1?") });
    expect(normal(await machinePicture())).toEqual(normal(before));
    await sh("sysctl -qw net.ipv4.conf.up0.forwarding=0");
  }, LONG_MS);

  it("a VPC with the addresses of the host's LAN is not routed from the host: refused with that network's name, and the LAN stays", async () => {
    await done("vpc create lan --cidr 10.7.0.0/16", onHost);
    const routes = (await run("ip", ["route"])).stdout;
    const refused = await vpcctl("vpc set lan --reachable-from-host on", onHost);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/HOST_OVERLAP: .*the host already has a network there \(10\.7\.8\.0\/24 dev lan0\)/);
    expect((await run("ip", ["route"])).stdout).toBe(routes);
    await done("vpc set lan --reachable-from-host off", onHost);
    await done("teardown --yes", onHost);
  }, LONG_MS);

  it("an uplink that is not there is named, and purge takes away what was made", async () => {
    const refused = await vpcctl("--mode host --uplink eth9 create shop");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("there is no interface eth9 here");
    await done("purge --yes");
  }, LONG_MS);
});
