import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { applyEdit } from "@vpclab/shared/topology/edit";
import type { EditCommand } from "@vpclab/shared/topology/edit-command";
import type { Topology } from "@vpclab/shared/topology/topology";
import { EMPTY_TOPOLOGY } from "@vpclab/shared/topology/topology";
import { peeredLab, twoVpcLab } from "@vpclab/shared/testing/builders";
import { lookUpNetns } from "../../src/host/netns";
import { processesByNetns } from "../../src/host/processes";
import { INTERNET_WEB_ADDRESS, INTERNET_WEB_NAME } from "../../src/sandbox/sandbox-state";
import { fingerprint, type Fingerprint } from "./fingerprint";
import { Lab } from "./lab";

const lab = new Lab();
/** Without web servers: nothing but the resolvers runs. */
const quiet = (doc: Topology): Topology => ({ ...doc, instances: doc.instances.map((instance) => ({ ...instance, webServer: null })) });
const drawn = quiet(twoVpcLab());
const edited = (doc: Topology, command: EditCommand): Topology => {
  const result = applyEdit(doc, command);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.document;
};
const vpc1 = drawn.vpcs.find(({ name }) => name === "vpc1")!;
const subnetOf = (name: string) => drawn.subnets.find((subnet) => subnet.vpcId === vpc1.id && subnet.name === name)!;
const mainOf = (name: string) => drawn.instances.find(({ subnetId }) => subnetId === subnetOf(name).id)!;

/** What a program in a namespace is told about a name, by way of the namespace's resolv.conf; null: nothing. */
async function ask(namespace: string, name: string): Promise<string | null> {
  const { exitCode, stdout } = await lab.inside(namespace, "getent", "ahostsv4", name);
  return exitCode === 0 ? (stdout.split(/\s+/)[0] ?? null) : null;
}

/** What a server says when it is asked directly: an address, a response code, or `silence` after a second. */
async function askServer(namespace: string, server: string, name: string, protocol: "udp" | "tcp" = "udp"): Promise<string> {
  const { stdout } = await lab.inside(namespace, process.execPath, "-e", QUESTION, server, name, protocol);
  return stdout.trim();
}

const QUESTION = `
const [server, name, protocol] = process.argv.slice(1);
const labels = name.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]);
const question = Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1]);
const done = (text) => { console.log(text); process.exit(); };
const read = (answer) => done((answer[3] & 15) !== 0 ? "code " + (answer[3] & 15) : answer.readUInt16BE(6) === 0 ? "no address" : [...answer.subarray(-4)].join("."));
setTimeout(() => done("silence"), 1000);
if (protocol === "udp") {
  const socket = require("dgram").createSocket("udp4");
  socket.on("message", read).on("error", (error) => done(error.code));
  socket.connect(53, server, (error) => (error ? done(error.code) : socket.send(question)));
} else {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(question.length);
  const socket = require("net").connect(53, server, () => socket.write(Buffer.concat([length, question])));
  socket.on("data", (data) => read(data.subarray(2))).on("error", (error) => done(error.code));
}`;

const resolversIn = (namespace: string): number[] => processesByNetns(new Set([Number(lookUpNetns(namespace))])).get(Number(lookUpNetns(namespace))) ?? [];
const fileOf = (namespace: string) => `/etc/netns/${namespace}/resolv.conf`;

let before: Fingerprint;
beforeAll(async () => {
  await lab.sandbox.ensure();
  await lab.plan(drawn);
  before = await fingerprint(lab);
});
beforeEach(async () => {
  expect(await lab.apply(drawn)).toEqual([]);
  expect(await lab.plan(drawn)).toEqual([]);
});
afterEach(async () => {
  expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
  expect(await fingerprint(lab)).toEqual(before);
});
afterAll(() => lab.sandbox.remove());

describe("names of a VPC", () => {
  it("resolve from its public and its private subnet, long and short, and addresses lead back", async () => {
    for (const from of ["vpc1-public", "vpc1-private"]) {
      for (const subnet of ["public", "private"]) {
        const { address } = mainOf(subnet);
        for (const name of [`main.${subnet}.vpc1.internal`, `${subnet}.vpc1.internal`, subnet]) expect(await ask(from, name), `${name} from ${from}`).toBe(address);
        expect((await lab.inside(from, "getent", "hosts", address)).stdout.split(/\s+/)[1]).toBe(`main.${subnet}.vpc1.internal`);
      }
      expect(await ask(from, "nobody.vpc1.internal")).toBeNull();
      expect(await ask(from, "public.vpc2.internal"), "of a VPC that it is not peered with").toBeNull();
    }
    expect((await lab.inside("vpc1-public", "ping", "-c", "1", "-W", "1", "private.vpc1.internal")).exitCode).toBe(0);
  });

  it("are answered over TCP, too, and whatever ACLs and groups say", async () => {
    const closed = edited(edited(drawn,
      { op: "update", kind: "network-acl", id: vpc1.defaultNetworkAclId, set: { entries: [] } }),
    { op: "update", kind: "security-group", id: vpc1.defaultSecurityGroupId, set: { rules: [] } });
    expect(await lab.apply(closed)).toEqual([]);
    expect(await ask("vpc1-public", "private")).toBe(mainOf("private").address);
    expect(await askServer("vpc1-public", "10.0.1.1", "private.vpc1.internal", "tcp")).toBe(mainOf("private").address);
  });

  it("are answered at the VPC's base + 2 where that lies in a subnet, from every subnet", async () => {
    const moved = edited(drawn, {
      op: "batch",
      commands: [
        { op: "update", kind: "subnet", id: subnetOf("public").id, set: { cidr: "10.0.0.0/24" } },
        { op: "update", kind: "instance", id: mainOf("public").id, set: { address: "10.0.0.3" } },
      ],
    });
    expect(await lab.apply(moved)).toEqual([]);
    expect(await lab.plan(moved)).toEqual([]);
    for (const from of ["vpc1-public", "vpc1-private"]) {
      expect(await askServer(from, "10.0.0.2", "public.vpc1.internal"), from).toBe("10.0.0.3");
      expect(await askServer(from, "10.0.0.2", "public.vpc1.internal", "tcp"), from).toBe("10.0.0.3");
    }
  });

  it("follow the drawing: a renamed instance has its new name and not the old one, with no cache in between", async () => {
    const added = edited(drawn, { op: "create", kind: "instance", object: { ...mainOf("private"), id: "i-0000000000aa", name: "db", address: "10.0.2.77" } });
    expect(await lab.apply(added)).toEqual([]);
    expect(await ask("vpc1-public", "db.private.vpc1.internal")).toBe("10.0.2.77");
    const renamed = edited(added, { op: "update", kind: "instance", id: "i-0000000000aa", set: { name: "store" } });
    expect(await lab.apply(renamed)).toEqual([]);
    expect(await ask("vpc1-public", "store.private.vpc1.internal")).toBe("10.0.2.77");
    expect(await ask("vpc1-public", "db.private.vpc1.internal")).toBeNull();
    expect(existsSync(fileOf("vpc1-private-db"))).toBe(false);
  });

  it("of a peered VPC are known, and no more once the peering is gone", async () => {
    const peered = quiet(peeredLab());
    expect(await lab.apply(peered)).toEqual([]);
    const vpc2 = peered.vpcs.find(({ name }) => name === "vpc2")!;
    const far = peered.instances.find(({ subnetId }) => peered.subnets.some(({ id, vpcId, name }) => id === subnetId && name === "public" && vpcId === vpc2.id))!;
    expect(await ask("vpc1-public", "public.vpc2.internal")).toBe(far.address);
    expect((await lab.inside("vpc1-public", "getent", "hosts", far.address)).stdout).toContain("main.public.vpc2.internal");
    expect(await lab.apply(drawn)).toEqual([]);
    expect(await ask("vpc1-public", "public.vpc2.internal")).toBeNull();
  });

  it("are not resolved where the VPC's switch is off: no program, no file", async () => {
    const off = edited(drawn, { op: "update", kind: "vpc", id: vpc1.id, set: { dnsSupport: false } });
    expect(await lab.apply(off)).toEqual([]);
    expect(resolversIn("vpc1")).toEqual([]);
    expect(existsSync(fileOf("vpc1-public"))).toBe(false);
    expect(await askServer("vpc1-public", "10.0.1.1", "private.vpc1.internal")).toBe("silence");
    expect(resolversIn("vpc2").length).toBeGreaterThan(0);
  });
});

describe("names of the internet", () => {
  it("are asked for by the internet gateway, from every subnet, and by nothing else", async () => {
    for (const from of ["vpc1-public", "vpc1-private"]) expect(await ask(from, INTERNET_WEB_NAME), from).toBe(INTERNET_WEB_ADDRESS);
    const withoutGateway = edited(drawn, { op: "delete", id: drawn.internetGateways.find(({ vpcId }) => vpcId === vpc1.id)!.id });
    expect(await lab.apply(withoutGateway)).toEqual([]);
    expect(await ask("vpc1-public", INTERNET_WEB_NAME)).toBeNull();
    expect(await ask("vpc1-public", "private")).toBe(mainOf("private").address);
  });

  it("do not leave by another way when the gateway's link is taken away by hand", async () => {
    const { stdout } = await lab.inside("vpc1", "ip", "-br", "link");
    const link = /^(igw-\S+?)@/m.exec(stdout)?.[1] ?? "";
    await lab.inside("vpc1", "ip", "link", "add", "elsewhere", "type", "veth", "peer", "name", "elsewhere-far");
    await lab.inside("vpc1", "ip", "link", "set", "elsewhere-far", "up");
    await lab.inside("vpc1", "ip", "address", "add", "192.0.2.1/24", "dev", "elsewhere");
    await lab.inside("vpc1", "ip", "link", "set", "elsewhere", "up");
    await lab.inside("vpc1", "ip", "route", "add", "default", "dev", "elsewhere");
    await lab.inside("vpc1", "ip", "link", "delete", link);
    expect(await ask("vpc1-public", INTERNET_WEB_NAME)).toBeNull();
    const chain = (await lab.inside("vpc1", "nft", "list", "chain", "inet", "vpclab", "outgoing")).stdout;
    expect(chain, "it did try").toMatch(/udp dport 53 counter packets [1-9]\d* bytes \d+ drop/);
  });
});

describe("a resolver", () => {
  it("runs without any right", () => {
    const pids = resolversIn("vpc1").filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("/usr/sbin/dnsmasq"));
    expect(pids).toHaveLength(1);
    const status = readFileSync(`/proc/${pids[0]}/status`, "utf8");
    for (const set of ["CapPrm", "CapEff", "CapBnd", "CapInh", "CapAmb"]) expect(status).toMatch(new RegExp(`^${set}:\\t0+$`, "m"));
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    if (process.geteuid?.() === 0 && readFileSync("/proc/self/uid_map", "utf8").includes("4294967295")) expect(status).toMatch(/^Uid:\t(1879\d{6}|1[89]\d{8}|2[01]\d{8})\t\1\t\1\t\1$/m);
  });

  it("answers nobody but its own subnets: no other VPC, no peer, not the internet, not the host", async () => {
    const peered = quiet(peeredLab());
    expect(await lab.apply(peered)).toEqual([]);
    const routers = (await lab.inside("vpc1", "ip", "-4", "-br", "address")).stdout.match(/\d+\.\d+\.\d+\.\d+(?=\/)/g)!.filter((address) => !address.startsWith("127."));
    expect(routers.length).toBeGreaterThan(3);
    for (const address of routers.filter((address) => address !== "10.0.1.1")) {
      for (const from of ["vpc2-public", "vpc2", "vpclab.host", "vpclab.internet"]) {
        if ((await lab.inside(from, "ip", "-4", "-br", "address")).stdout.includes(`${address}/`)) continue;
        expect(await askServer(from, address, "public.vpc1.internal"), `${from} at ${address}`).toMatch(/^(silence|E[A-Z]+)$/);
      }
    }
    expect(await askServer("vpc2-public", "10.0.1.1", "public.vpc1.internal")).toMatch(/^(silence|E[A-Z]+)$/);
    const publicAddress = /ip saddr 10\.0\.1\.2 .*snat ip to (\S+)/.exec((await lab.inside("vpc1", "nft", "list", "chain", "inet", "vpclab", "outwards")).stdout)?.[1];
    expect(publicAddress).toBeDefined();
    expect(await askServer("vpclab.internet", publicAddress ?? "", "public.vpc1.internal")).toMatch(/^(silence|E[A-Z]+)$/);
    expect(await askServer("vpc1", "10.0.1.1", "public.vpc1.internal"), "the router itself may").toBe(mainOf("public").address);
  });

  it("that was killed is started again, and one with another configuration is replaced", async () => {
    for (const pid of resolversIn("vpc1")) process.kill(pid, "SIGKILL");
    await expect.poll(() => resolversIn("vpc1")).toEqual([]);
    const steps = await lab.plan(drawn);
    expect(steps.map(({ action, owner }) => `${action} ${owner.objectId}`)).toEqual([`workload-start ${vpc1.id}`]);
    expect(await lab.kernel.apply(steps)).toEqual([]);
    expect(await ask("vpc1-public", "private")).toBe(mainOf("private").address);
  });

  it("answers again after its subnet's bridge was deleted and made anew", async () => {
    const bridge = (await lab.inside("vpc1", "ip", "-br", "address")).stdout.split("\n").find((line) => line.includes("10.0.1.1/"))!.split(/\s+/)[0]!;
    await lab.inside("vpc1", "ip", "link", "delete", bridge);
    expect(await lab.apply(drawn)).toEqual([]);
    expect(await lab.plan(drawn)).toEqual([]);
    expect(await ask("vpc1-public", "private")).toBe(mainOf("private").address);
  });
});

describe("/etc/netns/<namespace>/resolv.conf", () => {
  it("is ours by its first line, names the gateway, and comes back after a change or a removal by hand", async () => {
    const text = readFileSync(fileOf("vpc1-public"), "utf8");
    expect(text).toMatch(/^# vpclab:agent1:[^:]+:i-[0-9a-f]+:vpc1-public\n/);
    expect(text).toContain("\nnameserver 10.0.1.1\nsearch public.vpc1.internal vpc1.internal\n");
    writeFileSync(fileOf("vpc1-public"), `${text}nameserver 192.0.2.1\n`);
    expect((await lab.plan(drawn)).map(({ action }) => action)).toEqual(["resolv-conf-write"]);
    expect(await lab.apply(drawn)).toEqual([]);
    expect(readFileSync(fileOf("vpc1-public"), "utf8")).toBe(text);
    rmSync("/etc/netns/vpc1-public", { recursive: true });
    expect(await lab.apply(drawn)).toEqual([]);
    expect(readFileSync(fileOf("vpc1-public"), "utf8")).toBe(text);
  });

  it("of somebody else is neither changed nor deleted, and neither is what stands beside ours", async () => {
    expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
    mkdirSync("/etc/netns/vpc1-public");
    writeFileSync(fileOf("vpc1-public"), "nameserver 192.0.2.53\n");
    mkdirSync("/etc/netns/vpc1-private");
    expect(await lab.apply(drawn)).toEqual([]);
    expect(await lab.plan(drawn)).toEqual([]);
    writeFileSync("/etc/netns/vpc2-public/hosts", "192.0.2.1 mine\n");
    expect(await lab.apply(EMPTY_TOPOLOGY)).toEqual([]);
    expect(readFileSync(fileOf("vpc1-public"), "utf8")).toBe("nameserver 192.0.2.53\n");
    expect(existsSync("/etc/netns/vpc1-private")).toBe(true);
    expect(existsSync("/etc/netns/vpc2-public/hosts")).toBe(true);
    expect(existsSync(fileOf("vpc2-public"))).toBe(false);
    for (const name of ["vpc1-public", "vpc1-private", "vpc2-public"]) rmSync(`/etc/netns/${name}`, { recursive: true });
  });
});
