import { chmodSync, copyFileSync, mkdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { lookUpNetns, listNetnsNames } from "../../src/host/netns";
import { endProcesses, processesByNetns } from "../../src/host/processes";
import { measure } from "../../src/probes/measure";
import { LinuxWorkloads } from "../../src/workloads/linux-workloads";
import { spawn } from "node:child_process";
import { idMaps, Lab } from "./lab";

const lab = new Lab();
const NETNS = "shop";
const web = (port: number) => ({ kind: "web-server" as const, port, label: "vpc1-public", owner: { topologyId: "t", objectId: "i-0a1b2c3d4e5f" } });
const place = () => ({ name: NETNS, inode: Number(lookUpNetns(NETNS)) });
const workloads = () => new LinuxWorkloads(lab);
const found = () => workloads().find(new Set([place().inode])).get(place().inode) ?? [];
const get = (port: number) => measure(lab,
  { namespace: NETNS, sourceAddress: "127.0.0.1", targetAddress: "127.0.0.1", kind: "http", port });
const status = (pid: number) => Object.fromEntries(readFileSync(`/proc/${pid}/status`, "utf8").split("\n").map((line) => line.split(":\t") as [string, string]));

beforeAll(async () => {
  await lab.runner.run({ file: "ip", args: ["netns", "add", NETNS] });
  await lab.inside(NETNS, "ip", "link", "set", "lo", "up");
  await lab.inside(NETNS, "sysctl", "-q", "-w", "net.ipv4.ip_unprivileged_port_start=0");
});
beforeEach(() => endProcesses(processesByNetns(new Set([place().inode])).get(place().inode) ?? []));
afterAll(async () => {
  await endProcesses(processesByNetns(new Set([place().inode])).get(place().inode) ?? []);
  await lab.runner.run({ file: "ip", args: ["netns", "delete", NETNS] });
  await lab.confinement.forget([NETNS]);
});

describe("a web server", () => {
  it("listens when start is done, and is found again by an agent that knows nothing", async () => {
    await workloads().start(place(), web(80));
    expect(await get(80)).toMatchObject({ outcome: "reached", body: expect.stringContaining("127.0.0.1") });
    expect(found()).toEqual([{ kind: "web-server", port: 80, objectId: "i-0a1b2c3d4e5f", pid: expect.any(Number), configurationHash: "" }]);
  });

  it("runs without rights, without the agent's files, and sees no other process", async () => {
    await workloads().start(place(), web(80));
    const pid = found()[0]?.pid ?? 0;
    expect(status(pid)).toMatchObject({ NoNewPrivs: "1", CapPrm: "0000000000000000", CapEff: "0000000000000000", CapBnd: "0000000000000000", CapInh: "0000000000000000" });
    if (idMaps.uids.some((range) => range.count > 65534)) expect(status(pid)["Uid"]).toBe(Array(4).fill(place().inode - 2 ** 31).join("\t"));
    expect(status(pid)["NSpid"]?.split("\t").at(-1), "the first process of its own PID namespace").toBe("1");
    expect(readlinkSync(`/proc/${pid}/ns/mnt`)).not.toBe(readlinkSync("/proc/self/ns/mnt"));
    expect(readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter((entry) => entry !== "").map((entry) => entry.split("=")[0]).sort()).toEqual(["LC_ALL", "PATH"]);
    expect(readlinkSync(`/proc/${pid}/fd/1`)).toBe("/dev/null");
  });

  it("is started once, however often it is asked for", async () => {
    await workloads().start(place(), web(8080));
    const before = found();
    await workloads().start(place(), web(8080));
    expect(found()).toEqual(before);
  });

  it("says why it cannot start where another program has the port, and leaves that one alone", async () => {
    const other = spawn("nsenter", [`--net=/run/netns/${NETNS}`, "node", "-e", "require('net').createServer(s=>s.end('mine')).listen(8080)"], { stdio: "ignore" });
    await vi.waitUntil(async () => (await lab.inside(NETNS, "ss", "-Hltn", "sport = :8080")).stdout !== "", { timeout: 5_000 });
    await expect(workloads().start(place(), web(8080))).rejects.toThrow("vpc1-public did not start on port 8080: another program listens on this port already.");
    expect(processesByNetns(new Set([place().inode])).get(place().inode)).toEqual([other.pid]);
  });

  it("stops without a trace, also when asked twice", async () => {
    await workloads().start(place(), web(80));
    await workloads().stop(place(), web(80));
    await workloads().stop(place(), web(80));
    expect(processesByNetns(new Set([place().inode])).size).toBe(0);
    expect((await get(80)).outcome).toBe("refused");
  });

  it("starts where neither Node nor the program may be read by others", async () => {
    mkdirSync("/run/closed/bin", { recursive: true });
    chmodSync("/run/closed", 0o700);
    await lab.runner.run({ file: "mount", args: ["--bind", dirname(process.execPath), "/run/closed/bin"] });
    copyFileSync(lab.programs.webServer, "/run/closed/web-server.mjs");
    const programs = { webServer: "/run/closed/web-server.mjs" };
    await new LinuxWorkloads({ confinement: lab.newConfinement({ nodePath: "/run/closed/bin/node" }), programs }).start(place(), web(80));
    expect((await get(80)).outcome).toBe("reached");
    await workloads().stop(place(), web(80));
    await lab.runner.run({ file: "umount", args: ["/run/closed/bin"] });
    rmSync("/run/closed", { recursive: true });
  });

  it("does not go down for a caller that says nothing or nonsense", async () => {
    await workloads().start(place(), web(80));
    await lab.inside(NETNS, "node", "-e", "const s=require('net').connect(80,'127.0.0.1',()=>{s.write('\\x00\\xffGARBAGE\\r\\n\\r\\n');setTimeout(()=>process.exit(),100)})");
    expect((await get(80)).outcome).toBe("reached");
  });

  it("does not keep a deleted namespace of another instance alive", async () => {
    await lab.runner.run({ file: "ip", args: ["netns", "add", "neighbour"] });
    await workloads().start(place(), web(80));
    expect(readFileSync(`/proc/${found()[0]?.pid}/mountinfo`, "utf8")).not.toContain("/netns/");
    await lab.runner.run({ file: "ip", args: ["netns", "delete", "neighbour"] });
    expect(listNetnsNames()).not.toContain("neighbour");
  });
});
