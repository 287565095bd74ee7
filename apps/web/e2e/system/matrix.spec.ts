import { execFileSync } from "node:child_process";
import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { EditorPage } from "../editor-page";
import { firstStart } from "../first-start";
import { Lab } from "./lab";

/** Who reaches whom, promised and measured by real packets, and one of them followed on the canvas. */
test.describe.configure({ mode: "serial" });
test.setTimeout(300_000);

const APPLY_MS = 60_000;
const lab = new Lab(3710);
let page: Page;
let editor: EditorPage;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  const link = await lab.start();
  page = await browser.newPage({ baseURL: new URL(link).origin, viewport: { width: 1440, height: 900 } });
  editor = new EditorPage(page);
  await page.goto(link);
  await firstStart(page);
  await editor.create("two-vpc-peered");
  await editor.apply();
  const drawn = page.locator("[data-object][data-state]");
  await expect.poll(async () => [...new Set(await drawn.evaluateAll((nodes) => nodes.map((node) => node.getAttribute("data-state"))))], { timeout: APPLY_MS }).toEqual(["in-place"]);
});

test.afterAll(async () => {
  test.setTimeout(120_000);
  await page?.close();
  await lab.stop();
  lab.remove();
});

test("before any packet every pair shows what the drawing promises", async () => {
  await page.getByRole("tab", { name: "Matrix" }).click();
  await page.getByRole("button", { name: "Enlarge the matrix" }).click();
  await expect(cells("not-measured").first()).toBeVisible();
  expect(await cells("agrees").count()).toBe(0);
  expect(await grid().locator("[data-intended=true]").count()).toBeGreaterThan(0);
  expect(await grid().locator("[data-intended=false]").count()).toBeGreaterThan(0);
});

test("Measure all sends a packet for each pair, and each does what was promised", async () => {
  const pairs = await cells("not-measured").count();
  await measureAll();
  await expect(cells("agrees")).toHaveCount(pairs);
  await expect(toolbar()).toContainText(`All ${pairs} as promised`);
});

test("what listens is told from what only lets through", async () => {
  await page.getByRole("radio", { name: "TCP" }).click();
  await page.getByLabel("Port", { exact: true }).fill("81");
  await measureAll();
  await expect(grid().locator("[data-outcome=refused][data-relation=agrees]").first()).toBeVisible();
  await expect(grid().locator("[data-relation=differs]")).toHaveCount(0);
  await page.getByRole("radio", { name: "Ping" }).click();
});

test("the host is closed to instances and has no way in; a public address is for the internet, and nothing is asked that is not drawn", async () => {
  for (const pair of ["vpc1/public/main to Host", "Host to vpc1/public/main", "vpc2/public/main to vpc1/public/main, public address"]) {
    await expect(cell(pair)).toHaveAttribute("aria-label", /promised not reachable, measured no answer, as promised$/);
  }
  await expect(cell("Internet to vpc1/public/main, public address")).toHaveAttribute("data-relation", "agrees");
  await expect(cell("Host to Internet")).toHaveAttribute("aria-label", "Host to Internet: nothing drawn lies between them");
  await cell("vpc1/public/main to Host").click();
  const detail = page.getByRole("complementary", { name: "One pair" });
  await expect(detail).toContainText("The host answers nothing that comes from a VPC");
  await page.keyboard.press("Escape");
});

test("what promise and packet differ about is red, and says both what was promised and what came", async () => {
  setIgnored("1");
  try {
    await measureAll();
    const wrong = cells("differs");
    await expect(wrong.first()).toHaveAttribute("aria-label", /to Internet: promised reachable, measured no answer, not as promised/);
    await expect(toolbar()).toContainText("not as promised");
  } finally {
    setIgnored("0");
  }
  await measureAll();
  await expect(cells("differs")).toHaveCount(0);
});

test("arrow keys move, Enter opens a pair with its reason, and its way stands on the canvas", async () => {
  await cell("vpc1/private/main to vpc1/public/main").click();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowLeft");
  await expect(cell("vpc1/public/main to vpc1/private/main")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(cell("vpc1/public/main to vpc1/private/main")).toHaveAttribute("aria-selected", "true");
  const detail = page.getByRole("complementary", { name: "One pair" });
  await expect(detail).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(detail).toBeHidden();
  await cell("vpc1/public/main to Internet").click();
  await expect(detail.getByRole("region", { name: "Why" })).toHaveAttribute("data-reachable", "true");
  await detail.getByRole("button", { name: "Canvas" }).click();
  await expect(page.locator("[data-path=reached]")).toBeVisible();
});

test("a packet is sent and followed place by place, by keyboard, without motion where none is wanted", async () => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.getByRole("complementary", { name: "One pair" }).getByRole("button", { name: "Send and follow" }).click();
  const journey = page.getByRole("region", { name: "Journey of the packet" });
  await expect(journey).toHaveAttribute("data-step", "0");
  await expect(page.locator("[data-packet=pass]")).toBeVisible();
  await journey.focus();
  const places = await journey.getByRole("list", { name: "Places" }).getByRole("listitem").count();
  for (let step = 1; step < places; step++) {
    await page.keyboard.press("ArrowRight");
    await expect(journey).toHaveAttribute("data-step", String(step));
  }
  await expect(journey.locator("[aria-current=step]")).toContainText("The answer is back at the sender.");
  await expect(journey).toContainText("Routed by the route table");
  await expect(journey).toContainText("Translated by the internet gateway");
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await journey.focus();
  await page.keyboard.press("Home");
  await expect(journey).toHaveAttribute("data-step", "1", { timeout: 10_000 });
});

test("what the kernel holds of an object is read when asked, with the counters of its rules", async () => {
  await editor.selectObject(editor.object("instance", "vpc1/public/main"));
  await editor.inspector.getByRole("tab", { name: "Linux" }).click();
  const now = editor.inspector.getByRole("region", { name: "In the kernel now" });
  await now.getByRole("button", { name: "Read" }).click();
  await expect(now).toContainText("inet 10.0.1.2/24", { timeout: 30_000 });
  await expect(now).toContainText("default via 10.0.1.1");
  await expect(now).toContainText("table inet vpclab");
  await expect(now.locator("time")).toBeVisible();
});

test("the host says what this topology has on it, and reaches a VPC once its switch is on", async () => {
  await page.locator('[data-object="host"]').click();
  const host = page.getByRole("region", { name: /^Inspector of host/ });
  await host.getByRole("tab", { name: "Linux" }).click();
  const now = host.getByRole("region", { name: "In the kernel now" });
  await now.getByRole("button", { name: "Read" }).click();
  await expect(now).toContainText("ip netns exec vpclab.host nft list table inet vpclab", { timeout: 30_000 });
  await expect(now).toContainText("chain incoming");

  await editor.selectObject(editor.object("vpc", "vpc1"));
  await editor.inspector.getByRole("switch", { name: /host/i }).click();
  await editor.expectSaved();
  await editor.apply();
  await page.getByRole("tab", { name: "Matrix" }).click();
  await page.getByRole("button", { name: "Enlarge the matrix" }).click();
  await expect(cell("Host to vpc1/private/main")).toHaveAttribute("data-intended", "true");
  await measureAll();
  await expect(cell("Host to vpc1/private/main")).toHaveAttribute("data-outcome", "reached");
  await expect(cell("Host to vpc2/public/main")).toHaveAttribute("data-outcome", "timeout");
  await expect(cells("differs")).toHaveCount(0);
  await page.getByRole("button", { name: "Back beneath the canvas" }).click();
});

test("after a change of the drawing the measurements are of the past", async () => {
  await editor.openOwned("security-group", "vpc1/default");
  await editor.addRow("ingress rule", { Protocol: "ICMP", Source: "0.0.0.0/0" });
  await editor.expectSaved();
  await expect(cells("stale").first()).toBeVisible();
  await expect(cells("agrees")).toHaveCount(0);
});

const grid = (): Locator => page.getByRole("grid", { name: "Who reaches whom" });
const cells = (relation: string): Locator => grid().locator(`[data-relation=${relation}]`);
const cell = (pair: string): Locator => grid().getByRole("gridcell", { name: new RegExp(`^${pair}:`) });
const toolbar = (): Locator => page.getByRole("group", { name: "What is measured" });

/** The machine that plays the internet answers no pings: nothing of the drawing. */
const setIgnored = (value: "0" | "1"): void =>
  void execFileSync("ip", ["netns", "exec", "vpclab.internet", "sysctl", "-qw", `net.ipv4.icmp_echo_ignore_all=${value}`]);

async function measureAll(): Promise<void> {
  await toolbar().getByRole("button", { name: /^Measure all/ }).click();
  await expect(toolbar().getByRole("button", { name: /^Measure all/ })).toBeVisible({ timeout: 60_000 });
  await expect(cells("measuring")).toHaveCount(0);
  await expect(cells("not-measured")).toHaveCount(0);
}
