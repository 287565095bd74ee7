import { beforeEach, describe, expect, it, vi } from "vitest";
import { MemoryLab, vpcctl } from "../../test/memory-lab";

const state = vi.hoisted(() => ({ lab: null as unknown }));
vi.mock("../choose-lab", () => ({ chooseLab: () => Promise.resolve(state.lab) }));

let lab: MemoryLab;
beforeEach(() => {
  lab = new MemoryLab();
  state.lab = lab;
});

/** Runs lines that must all succeed; answers with what the last one printed. */
async function run(...lines: string[]): Promise<string> {
  let printed = "";
  for (const line of lines) {
    const { exit, stdout, stderr } = await vpcctl(line);
    if (exit !== 0) throw new Error(`${line}: exit ${exit}: ${stderr}`);
    printed = stdout;
  }
  return printed;
}

const PROD = ["vpc create prod --cidr 10.0.0.0/16", "subnet create prod/public --public", "subnet create private --vpc prod"];
const names = (collection: "vpcs" | "subnets" | "instances" | "securityGroups" | "routeTables" | "peerings" | "elasticIps") =>
  (lab.topologies.get("default")?.[collection] ?? []).map(({ name }) => name).sort();

describe("every noun can be made, listed, shown and deleted", () => {
  it.each<[noun: string, create: string, name: string, shown: RegExp]>([
    ["vpc", "vpc create dev", "dev", /10\.1\.0\.0\/16/],
    ["vpc", "vpc add --name dev --cidr 172.16.0.0/16", "dev", /172\.16\.0\.0\/16/],
    ["subnet", "subnet create prod/db --cidr 10.0.9.0/24", "prod/db", /10\.0\.9\.0\/24/],
    ["subnet", "subnet add --vpc prod --name db --type private", "prod/db", /private/],
    ["instance", "instance create prod/public/web --web-server 80 --sg default", "prod/public/web", /port 80/],
    ["instance", "instance add web --vpc prod --subnet public --address 10.0.1.77", "10.0.1.77", /prod-public-web/],
    ["route table", "route table create prod/nat", "prod/nat", /local/],
    ["sg", "sg create prod/web --description frontend", "prod/web", /frontend/],
    ["nacl", "nacl create prod/edge", "prod/edge", /deny everything else/],
    ["nat", "nat create prod/public/nat", "prod/public/nat", /prod-public-nat/],
    ["igw", "igw delete prod", "", /./],
    ["eip", "eip create web", "web", /ASSOCIATED|associated/],
  ])("%s: %s", async (noun, create, name, shown) => {
    await run(...PROD, create);
    if (name === "") return;
    expect(await run(`${noun} show ${name}`)).toMatch(shown);
    expect(await run(`${noun} list`)).toMatch(/in place/);
    expect(JSON.parse(await run(`${noun} list --json`))).toEqual(expect.arrayContaining([expect.objectContaining({ state: "in-place" })]));
    expect(JSON.parse(await run(`${noun} show ${name} --json`))).toMatchObject({ state: "in-place" });
    await run(`${noun} delete ${name}`);
    expect((await vpcctl(`${noun} delete ${name}`)).exit).toBe(4);
    expect((await vpcctl(`${noun} delete ${name} --if-exists`)).exit).toBe(0);
  });

  it("peerings, by their name or their two VPCs", async () => {
    await run(...PROD, "vpc create dev", "peer create prod dev");
    expect(await run("peer show prod-dev")).toMatch(/prod\/main +10\.1\.0\.0\/16/);
    expect(await run("peer list")).toMatch(/prod-dev +prod 10\.0\.0\.0\/16 +dev 10\.1\.0\.0\/16 +active/);
    await run("peer delete dev prod");
    expect((await vpcctl("peer delete dev prod")).exit).toBe(4);
    expect((await vpcctl("peer delete --vpc1 dev --vpc2 prod --if-exists")).exit).toBe(0);
    await run("peer create --vpc1 dev --vpc2 prod --name x --no-routes", "peer delete x");
    expect(names("peerings")).toEqual([]);
  });
});

describe("exit codes", () => {
  it.each<[line: string, exit: number]>([
    ["vpc create prod --cidr 10.0.0.0/16", 0],
    ["vpc create prod --cidr 10.9.0.0/16", 5],
    ["vpc create other --cidr 10.0.0.0/8", 2],
    ["vpc create other --cidr 10.0.0.1/16", 2],
    ["vpc create Other", 2],
    ["vpc create web;id", 2],
    ["vpc create ../x", 2],
    ["vpc create a/b", 2],
    ["vpc create --name -rf", 2],
    ["vpc create veth%d", 2],
    ["vpc create aaaaaaaaaabbbbbbbbbbccccccccccd", 2],
    ["subnet create prod/$(id)", 2],
    ["subnet create prod/", 2],
    ["subnet create prod/a/b", 2],
    ["subnet create prod/web --cidr 10.0.9.0/024", 2],
    ["subnet create prod/web --cidr 10.0.1.0/24", 2],
    ["subnet create prod/web --cidr 0.0.0.0/0", 2],
    ["instance create prod/public", 2],
    ["instance create prod/public/x --address 10.0.1.2", 2],
    ["instance create prod/public/x --address 010.0.1.9", 2],
    ["vpc create --cidr", 2],
    ["vpc create a --name b", 2],
    ["vpc show", 2],
    ["vpc set prod --dns maybe", 2],
    ["vpc delete prdo", 4],
    ["subnet create web", 2],
    ["subnet create prod/web --public --private", 2],
    ["subnet create prod/web --type dmz", 2],
    ["subnet create nowhere/web", 4],
    ["subnet show public --vpc prdo", 4],
    ["instance create prod/public/web --web-server 0", 2],
    ["route add 0.0.0.0/0 --table prod/main", 2],
    ["route add 10.9.0.0/16 --table prod/main --via nothing", 4],
    ["route delete 10.9.0.0/16 --table prod/main", 4],
    ["sg allow prod/default --tcp 80", 2],
    ["sg allow prod/default --tcp 80 --udp 80 --from 0.0.0.0/0", 2],
    ["sg allow prod/default --tcp 80-70 --from 0.0.0.0/0", 2],
    ["sg delete prod/default", 5],
    ["nacl remove prod/default", 2],
    ["nacl remove prod/default --ingress 7", 4],
    ["nat enable", 2],
    ["deploy webserver", 2],
    ["deploy webserver prod-public --port 70000", 2],
    ["firewall show prod/nothing", 4],
  ])("%s → %i", async (line, exit) => {
    await run(...PROD);
    const before = lab.topologies.get("default");
    const answer = await vpcctl(line);
    expect(answer.exit, answer.stderr).toBe(exit);
    // Whatever was wrong, nothing was done, and it was said in one place.
    expect(lab.topologies.get("default")).toEqual(before);
    if (exit !== 0) expect(answer).toMatchObject({ stdout: "", stderr: expect.stringMatching(/^vpcctl: [A-Z_]+: .+/) as string });
  });
});

describe("in a topology that nobody has made yet", () => {
  it.each([
    ["vpc list", 0, "No VPC yet."], ["nat list", 0, "No NAT"], ["route list", 0, "No route table yet."], ["vpc show prod", 4, "There is no VPC “prod”; this topology has none."],
    ["subnet create prod/web", 4, "There is no VPC “prod”; this topology has none."], ["vpc delete prod --if-exists", 0, "nothing to delete"],
    ["peer create prod dev", 4, "“prod”"], ["eip disassociate web", 4, "“web”"], ["firewall clear prod/web", 4, "“prod/web”"],
  ])("%s", async (line, exit, says) => {
    const answer = await vpcctl(line);
    expect(answer.exit, answer.stderr).toBe(exit);
    expect(answer.stdout + answer.stderr).toContain(says);
    expect(lab.topologies.size).toBe(0);
  });
});

describe("what people read", () => {
  it("a VPC's deletion says what goes with it, in one command", async () => {
    await run(...PROD, "vpc create dev", "peer create prod dev");
    const { exit, stdout, stderr } = await vpcctl("vpc delete prod");
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining("With it go: 2 subnets, 2 instances, internet gateway “prod-igw”, peering connection “prod-dev”.") as string });
    expect(stdout).toContain("- VPC prod");
    expect(names("vpcs")).toEqual(["dev"]);
  });

  it("with the last VPC goes the topology where nothing else keeps it, and the lists are empty", async () => {
    await run(...PROD, "eip create kept", "vpc delete prod");
    expect([...lab.topologies.keys()]).toEqual(["default"]);
    await run("eip delete kept");
    expect(lab.topologies.size).toBe(0);
    expect(await run("inspect")).toContain("No VPCs.");
    await run(...PROD);
    lab.place = { ...lab.place, kind: "server" };
    await run("vpc delete prod");
    expect([...lab.topologies.keys()]).toEqual(["default"]);
  });

  it("a web server's test URL", async () => {
    expect(await run(...PROD, "deploy webserver --vpc prod --subnet public --port 8000")).toContain("Test URL: http://10.0.1.2:8000\n  inside:        ip netns exec prod-public curl http://10.0.1.2:8000");
    expect(await run("deploy webserver prod/private")).toContain("http://10.0.2.2:8080");
    await run("vpc set prod --reachable-from-host on");
    expect(await run("deploy webserver prod/private --port 81")).toContain("from the host: ip netns exec vpclab.host curl http://10.0.2.2:81");
    expect(await run("stop-app --vpc prod --subnet private")).toContain("web");
  });

  it("exactly one translation for each public subnet, none for a private one", async () => {
    const rows = async () => (JSON.parse(await run("nat list --json")) as { subnet: string; source: string[] }[]).map(({ subnet, source }) => `${subnet} ${source.join(" ")}`);
    await run(...PROD);
    expect(await rows()).toEqual(["prod/public 10.0.1.0/24"]);
    await run("nat disable prod");
    expect(await rows()).toEqual([]);
    await run("nat enable --vpc prod --subnet private", "nat enable prod");
    expect(await rows()).toEqual(["prod/private 10.0.2.0/24", "prod/public 10.0.1.0/24"]);
  });

  it("a NAT gateway translates for the private subnets that are routed to it; without a pool the host's address is shared", async () => {
    await run(...PROD, "nat create prod/public/nat", "route table create prod/out", "route add 0.0.0.0/0 --table prod/out --via nat", "subnet set prod/private --table out");
    lab.place = { ...lab.place, publicPool: false };
    const printed = await run("nat list");
    expect(printed).toMatch(/^prod\/public +10\.0\.1\.0\/24 +the host's own address \(masquerade\) +prod-igw /m);
    expect(printed).toMatch(/^prod\/private +10\.0\.2\.0\/24 +10\.0\.1\.3, then no public address yet +nat \(NAT gateway\)/m);
    expect(printed.trimEnd().split("\n")).toHaveLength(3);
  });

  it("--dry-run writes nothing", async () => {
    await run(...PROD);
    for (const line of ["vpc create dev --dry-run", "vpc delete prod --dry-run", "nat disable prod --dry-run", "sg allow prod/default --icmp --from 0.0.0.0/0 --dry-run"]) await run(line);
    expect(names("vpcs")).toEqual(["prod"]);
  });

  it("the uplink that older tools are told is checked on a host and explained in the sandbox", async () => {
    await run("vpc create prod", "subnet add --vpc prod --name public --type public");
    expect((await vpcctl("nat enable --vpc prod --interface eth0")).stderr).toContain("in the sandbox the simulated internet stands in for it");
    await run("nat disable prod");
    lab.place = { ...lab.place, mode: "host", uplink: "ens3" };
    expect(await vpcctl("nat enable --vpc prod --wan eth0")).toMatchObject({ exit: 2, stderr: expect.stringContaining("“eth0” is not this machine's interface towards the internet; that is “ens3”") as string });
    await run("nat enable --vpc prod --wan ens3");
  });
});
