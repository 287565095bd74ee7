import { execFileSync, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { EditorPage } from "../editor-page";
import { takeFingerprint } from "./fingerprint";
import { firstStart } from "../first-start";
import { Lab } from "./lab";

/**
 * The whole way, as a person goes it: `npm run up`, the link it prints, the palette, Apply, packets, Tear down, Ctrl-C.
 * Nothing is faked: the namespaces are real, and so are the packets.
 */
/** The README's picture is made here, when it is asked for: a test run must not change the checkout. */
const IMAGES = process.env.UPDATE_IMAGES === "1" ? resolve(import.meta.dirname, "../../../../docs/images") : resolve(import.meta.dirname, "../../test-results/images");
const APPLY_MS = 60_000;

const INSTANCES = { public1: "vpc1/public/main", private1: "vpc1/private/main", public2: "vpc2/public/main" } as const;
const option = (instance: string): string => instance.split("/").join(" / ");

test.describe.configure({ mode: "serial" });
test.setTimeout(300_000);

const lab = new Lab(3700);
let page: Page;
let editor: EditorPage;
let beforeUp: ReturnType<typeof takeFingerprint>;
let beforeApply: ReturnType<typeof takeFingerprint>;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  beforeUp = takeFingerprint();
  const link = await lab.start();
  page = await browser.newPage({ baseURL: new URL(link).origin, viewport: { width: 1440, height: 900 } });
  editor = new EditorPage(page);
  await page.goto(link);
  await firstStart(page);
});

test.afterAll(async () => {
  test.setTimeout(120_000);
  await page?.close();
  await lab.stop();
  lab.remove();
});

test("two VPCs with subnets and gateways are drawn from the palette", async () => {
  beforeApply = takeFingerprint();
  await editor.create("empty");
  await editor.dragFromPalette("VPC", await editor.canvasPoint(0.25, 0.4));
  await expect(editor.object("vpc", "vpc1")).toBeVisible();
  await editor.dragFromPalette("Public subnet", editor.object("vpc", "vpc1"));
  await expect(editor.object("instance", INSTANCES.public1)).toBeVisible();
  await editor.dragFromPalette("Private subnet", editor.object("vpc", "vpc1"));
  await expect(editor.object("instance", INSTANCES.private1)).toBeVisible();
  await editor.dragFromPalette("VPC", await editor.canvasPoint(0.85, 0.4));
  await expect(editor.object("vpc", "vpc2")).toBeVisible();
  await editor.dragFromPalette("Public subnet", editor.object("vpc", "vpc2"));
  await expect(editor.object("instance", INSTANCES.public2)).toBeVisible();
  // Public subnets bring their gateways.
  await expect(editor.objects("internet-gateway")).toHaveCount(2);
  await editor.expectSaved();
});

test("Apply makes the drawing real, and says so object by object", async () => {
  await editor.apply();
  await expectEverythingInPlace();
});

test("packets do what the drawing promises", async () => {
  expect(await outcome(INSTANCES.public1, INSTANCES.private1)).toBe("reached");
  expect(await outcome(INSTANCES.private1, INSTANCES.public1)).toBe("reached");
  expect(await outcome(INSTANCES.public1, INSTANCES.public2)).toBe("timeout");
  expect(await outcome(INSTANCES.public2, INSTANCES.private1)).toBe("timeout");
  expect(await outcome(INSTANCES.public1, "Internet")).toBe("reached");
  expect(await outcome(INSTANCES.private1, "Internet")).toBe("timeout");
});

test("a web server can be switched on, and answers", async () => {
  await toggleWebServer();
  await editor.apply();
  await expectEverythingInPlace();
  expect(await webServerOutcome()).toBe("reached");
  const refused = await editor.runTest({ source: option(INSTANCES.public1), target: option(INSTANCES.private1), kind: "TCP", port: 81 });
  expect(refused.outcome).toBe("refused");
});

test("a peering, drawn and applied, connects the VPCs in both directions", async () => {
  await editor.connectVpcs("vpc1", "vpc2");
  await expect(editor.objects("peering")).toHaveCount(1);
  await editor.expectSaved();
  await editor.apply();
  await expectEverythingInPlace();
  expect(await outcome(INSTANCES.public1, INSTANCES.public2)).toBe("reached");
  expect(await outcome(INSTANCES.public2, INSTANCES.private1)).toBe("reached");
  expect(await outcome(INSTANCES.private1, "Internet")).toBe("timeout");
});

test("a NAT gateway lets the private subnet out, and nobody in", async () => {
  await editor.dragFromPalette("NAT gateway", editor.subnetIn("vpc1", "public"));
  await expect(editor.object("nat-gateway", "vpc1/public/nat")).toBeVisible();
  await editor.openOwned("route-table", "vpc1/main");
  await editor.addRow("route", { Destination: "0.0.0.0/0", Target: "NAT gateway public/nat" });
  await editor.expectSaved();
  await editor.apply();
  await expectEverythingInPlace();
  expect(await outcome(INSTANCES.private1, "Internet")).toBe("reached");
  expect(await outcome("Internet", INSTANCES.private1)).toBe("timeout");
});

test("from the internet arrives what a security group lets in, and nothing else", async () => {
  expect(await outcome("Internet", INSTANCES.public1)).toBe("timeout");
  await editor.openOwned("security-group", "vpc1/default");
  await editor.addRow("ingress rule", { Protocol: "ICMP", Source: "0.0.0.0/0" });
  await editor.expectSaved();
  await editor.apply();
  await expectEverythingInPlace();
  expect(await outcome("Internet", INSTANCES.public1)).toBe("reached");
  expect((await editor.runTest({ source: "Internet", target: option(INSTANCES.public1), kind: "TCP", port: 80 })).outcome).toBe("timeout");
});

test("counters rise on the canvas while packets flow", async () => {
  const before = await packetsOf();
  const prefix = await namespacePrefix();
  const ping = spawn("ip", ["netns", "exec", `${prefix}vpc1-public`, "ping", "-n", "-q", "-i", "0.05", "-c", "300", "10.1.1.2"], { stdio: "ignore" });
  const outside = spawn("ip", ["netns", "exec", `${prefix}vpc1-public`, "ping", "-n", "-q", "-i", "0.05", "-c", "300", "203.0.113.10"], { stdio: "ignore" });
  for (const [kind, name] of COUNTED) {
    await expect.poll(() => editor.packets(kind, name), { timeout: 15_000 }).toBeGreaterThan((before[name] ?? 0) + 20);
  }
  expect(await outcome(INSTANCES.public1, INSTANCES.public2)).toBe("reached");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /fit/i }).first().click();
  await expect(page.locator(".react-flow__minimap")).toBeVisible();
  mkdirSync(IMAGES, { recursive: true });
  await page.screenshot({ path: join(IMAGES, "editor.png") });
  ping.kill();
  outside.kill();
});

test("an agent killed in the middle of an apply comes back and ends in what was asked for", async () => {
  await toggleWebServer();
  await applyAccepted();
  await lab.crash("agent");
  await expectOnline();
  await expectEverythingInPlace();
  expect(await webServerOutcome()).toBe("refused");
});

test("so does a server, and the open page finds it again by itself", async () => {
  await toggleWebServer();
  await applyAccepted();
  await lab.crash("server");
  await expectOnline();
  await expectEverythingInPlace();
  expect(await webServerOutcome()).toBe("reached");
  expect(await outcome(INSTANCES.public1, INSTANCES.public2)).toBe("reached");
});

test("Tear down leaves nothing: namespaces, links, tables, processes and mounts as before", async () => {
  await editor.tearDown();
  // Drawn and not there: what Apply would make is pending.
  await editor.expectState("vpc", "vpc1", "pending", APPLY_MS);
  await expect.poll(takeFingerprint, { timeout: 20_000 }).toEqual(beforeApply);
});

test("Ctrl-C leaves the machine as it was", async () => {
  await lab.stop();
  expect(takeFingerprint()).toEqual(beforeUp);
});

const COUNTED = [["instance", INSTANCES.public1], ["instance", INSTANCES.public2], ["internet-gateway", "vpc1-igw"], ["peering", "vpc1-vpc2"]] as const;

async function packetsOf(): Promise<Record<string, number>> {
  return Object.fromEntries(await Promise.all(COUNTED.map(async ([kind, name]) => [name, await editor.packets(kind, name)] as const)));
}

async function toggleWebServer(): Promise<void> {
  await editor.selectObject(editor.object("instance", INSTANCES.private1));
  await editor.inspector.getByRole("switch", { name: /web server/i }).click();
  await editor.expectSaved();
}

/** Presses Apply and waits until the server has taken it: from then on it is asked for. */
async function applyAccepted(): Promise<void> {
  const taken = page.waitForResponse((response) => response.url().includes("deployment.applyNewest") && response.ok());
  await editor.apply();
  await taken;
}

async function webServerOutcome(): Promise<string> {
  return (await editor.runTest({ source: option(INSTANCES.public1), target: option(INSTANCES.private1), kind: "HTTP", port: 8080 })).outcome;
}

/** Server and agent are there again, and the page says so without being loaded anew. */
async function expectOnline(): Promise<void> {
  const hosts = async () => {
    const response = await page.request.get("/api/trpc/host.list").catch(() => null);
    const answer = response?.ok() ? ((await response.json()) as { result: { data: { online: boolean }[] } }) : null;
    return answer?.result.data.map((host) => host.online) ?? [];
  };
  await expect.poll(hosts, { timeout: APPLY_MS }).toEqual([true]);
  await expect(page.getByRole("button", { name: /^Host .* online$/ })).toBeVisible({ timeout: APPLY_MS });
}

async function outcome(source: string, target: string): Promise<string> {
  const names = { source: option(source), target: target === "Internet" ? target : option(target) };
  const answer = await editor.runTest({ ...names, kind: "Ping" });
  expect(answer.text, `${source} → ${target}: what was expected and what was measured differ`).not.toMatch(/disagree/i);
  return answer.outcome;
}

async function expectEverythingInPlace(): Promise<void> {
  const drawn = page.locator("[data-object][data-state]");
  await expect.poll(async () => [...new Set(await drawn.evaluateAll((nodes) => nodes.map((node) => node.getAttribute("data-state"))))], { timeout: APPLY_MS }).toEqual(["in-place"]);
}

/** Namespaces of a topology that is not called `default` begin with its name. */
async function namespacePrefix(): Promise<string> {
  const names = execFileSync("ip", ["netns", "list"], { encoding: "utf8" }).split("\n");
  const router = names.map((line) => line.split(" ")[0] ?? "").find((name) => name.endsWith("vpc1"));
  if (router === undefined) throw new Error(`no router namespace among ${names.join(", ")}`);
  return router.slice(0, -"vpc1".length);
}
