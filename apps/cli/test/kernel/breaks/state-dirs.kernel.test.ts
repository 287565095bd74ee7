import { type ChildProcess, spawn } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, inject, it } from "vitest";
import { done, json, namespaces, stateDir, vpcctl } from "../vpcctl";
import { machinePicture } from "./machine-picture";

const LONG_MS = 240_000;
const AGENT = join(inject("built"), "agent/dist/agent.mjs");
let running: ChildProcess | null = null;

afterEach(async () => {
  await end("SIGTERM");
  await vpcctl("purge --all --yes");
}, LONG_MS);

describe("two state directories on one machine", () => {
  it("the second is told whose the sandbox is and what to do, harms nothing, and its own purge takes only its own", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "vpcctl-other-"));
    const other = ["--state", join(elsewhere, "state")];
    await done("create shop");
    const before = await machinePicture();
    for (const command of ["create shop", "vpc create more"]) {
      const refused = await vpcctl([...other, ...command.split(" ")]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/vpclab\.host exists already and belongs to the vpclab agent local-[0-9a-f-]+, which has another state directory\. .*--state.*vpcctl purge --all/);
    }
    expect((await vpcctl([...other, "purge", "--yes"])).stderr).toContain("left alone without --all: shop, shop-priv, shop-pub, vpclab.host, vpclab.internet");
    expect(await machinePicture()).toEqual(before);
    expect((await vpcctl("diff")).code).toBe(0);
    await done("teardown --yes");
    await done([...other, "create", "shop"]);
    await done([...other, "teardown", "--yes"]);
    expect(namespaces()).toEqual([]);
    rmSync(elsewhere, { recursive: true });
  }, LONG_MS);
});

describe("an agent that runs with the same state directory", () => {
  it("does the work of vpcctl; when it is killed, vpcctl works by itself, and the next agent takes over the socket that was left", async () => {
    enrolled();
    await start();
    await done("vpc create prod --cidr 10.0.0.0/16");
    expect(namespaces()).toContain("prod");
    const both = await Promise.all([vpcctl("vpc create one --cidr 10.1.0.0/16"), vpcctl("vpc create two --cidr 10.2.0.0/16"), vpcctl("list")]);
    expect(both.map(({ code, stderr }) => `${code}${stderr}`)).toEqual(["0", "0", "0"]);
    expect((await vpcctl("vpc create one --cidr 10.9.0.0/16")).code).toBe(5);
    expect(await json("logs --last 1")).toMatchObject([{ action: "vpc create", outcome: "refused", reason: expect.stringContaining("CONFLICT") as string }]);
    const refused = await vpcctl("purge --yes");
    expect(refused, refused.stderr).toMatchObject({ code: 5, stdout: "" });
    expect(refused.stderr).toMatch(/agent\.mjs run.*works with .*; stop it first/);

    await end("SIGKILL");
    expect(existsSync(join(stateDir, "control.sock"))).toBe(true);
    await done("vpc create three --cidr 10.3.0.0/16");
    expect(await json("vpc list")).toHaveLength(4);
    await start();
    expect(namespaces()).toEqual(expect.arrayContaining(["one", "prod", "three", "two"]));
    await done("vpc delete three --yes");
    expect(namespaces()).not.toContain("three");
    await end("SIGTERM");
    await done("purge --yes");
    expect(namespaces()).toEqual([]);
    rmSync(stateDir, { recursive: true });
  }, LONG_MS);

  it("that ends in the middle: vpcctl says so with 3, and the next one goes on from what was accepted", async () => {
    enrolled();
    await start();
    const asked = vpcctl("create shop");
    await expect.poll(() => namespaces().some((name) => name.startsWith("shop")), { interval: 5, timeout: 30_000 }).toBe(true);
    await end("SIGKILL");
    const { code, stderr } = await asked;
    expect([0, 3], stderr).toContain(code);
    if (code === 3) expect(stderr).toMatch(/HOST_OFFLINE: .*ended before it answered; what it had accepted/);
    await done("create shop");
    expect((await vpcctl("diff")).code).toBe(0);
    await done("teardown --yes");
    rmSync(stateDir, { recursive: true });
  }, LONG_MS);
});

/** As after an enrolment at a server that cannot be reached: the port is taken by nobody. */
function enrolled(): void {
  rmSync(stateDir, { recursive: true, force: true });
  mkdirSync(join(stateDir, "jobs"), { recursive: true, mode: 0o700 });
  const raw = (type: "pkcs8" | "spki"): string => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const der = type === "pkcs8" ? privateKey.export({ type, format: "der" }) : publicKey.export({ type, format: "der" });
    return der.subarray(-32).toString("base64url");
  };
  const body = { agentId: "agent-of-tests", serverKey: raw("spki"), url: "http://127.0.0.1:1" };
  const text = JSON.stringify({ sha256: createHash("sha256").update(JSON.stringify(body)).digest("hex"), body });
  for (const copy of ["enrolment.json", "enrolment.json.mirror"]) writeFileSync(join(stateDir, copy), `${text}\n`, { mode: 0o600 });
  writeFileSync(join(stateDir, "agent.key"), `${raw("pkcs8")}\n`, { mode: 0o600 });
}

async function start(): Promise<void> {
  let said = "";
  const child = spawn(process.execPath, [AGENT, "run", "--state", stateDir], { stdio: ["ignore", "pipe", "pipe"] });
  running = child;
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  // A socket that was left answers nobody; the agent has it when it is asked through it.
  await expect.poll(async () => child.exitCode ?? (await isServed()), { timeout: 40_000, message: said }).toBe(true);
}

const isServed = (): Promise<boolean> => new Promise((resolve) => {
  const socket = createConnection(join(stateDir, "control.sock"), () => {
    socket.destroy();
    resolve(true);
  }).on("error", () => resolve(false));
});

async function end(signal: NodeJS.Signals): Promise<void> {
  const child = running;
  running = null;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
}
