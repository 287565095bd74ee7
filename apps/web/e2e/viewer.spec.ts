import type { Browser, Page } from "@playwright/test";
import { EditorPage } from "./editor-page";
import { expect, test } from "./fixtures";

/** Keys that draw, move, change or delete for those who may; the clipboard's and the palette's included. */
const EDITING_KEYS = [
  "Delete", "Backspace", "Control+z", "Control+Shift+z", "Control+y", "Control+x", "Control+c", "Control+v", "Control+d", "l", "L", "ArrowUp", "ArrowDown", "ArrowLeft",
  "ArrowRight", "Shift+ArrowDown", "Enter", "Space", "e", "n", "v", "s", "i",
] as const;
/** More than any of the pages has. */
const TAB_STOPS_MAX = 400;

async function call(page: Page, procedure: string, input: object): Promise<Record<string, string>> {
  const response = await page.request.post(`/api/trpc/${procedure}`, { data: input, headers: { "x-vpclab": "1", origin: new URL(page.url()).origin } });
  expect(response.ok(), `${procedure}: ${await response.text()}`).toBe(true);
  return ((await response.json()) as { result: { data: Record<string, string> } }).result.data;
}

/** A page of its own that notes what it complains about and what it asks the server to change. */
async function watched(browser: Browser, baseURL: string | undefined) {
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] }, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  const changes: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => (message.type() === "error" ? complaints.push(message.text()) : undefined));
  page.on("request", (request) => (request.method() === "GET" ? undefined : changes.push(`${request.method()} ${new URL(request.url()).pathname}`)));
  return { context, page, complaints, changes };
}

/** A viewer of a class of the administrator's, who therefore sees the administrator's topologies. */
async function signInAsViewer(admin: Page, viewer: Page, name: string): Promise<void> {
  const { id: classId } = await call(admin, "class.create", { name: `Class of ${name}` });
  const { token } = await call(admin, "invitation.create", { role: "viewer", classId });
  await viewer.goto(`/join#${token}`);
  await viewer.getByLabel("Name").fill(name);
  await viewer.getByLabel("Password").fill("a few quiet words");
  await viewer.getByRole("button", { name: "Create account" }).click();
  await viewer.waitForURL((url) => url.pathname === "/", { timeout: 45_000 });
}

/** What Tab reaches from the top of the page, by role and name, until it has been everywhere. */
async function reachedByTab(page: Page): Promise<readonly string[]> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const reached: string[] = [];
  for (let n = 0; n < TAB_STOPS_MAX; n++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (!element || element === document.body || element.dataset.wasReached) return null;
      element.dataset.wasReached = "yes";
      return `${element.getAttribute("role") ?? element.tagName.toLowerCase()}: ${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim()}`;
    });
    if (stop === null) break;
    reached.push(stop);
  }
  return reached;
}

const placesOf = (page: Page) => page.locator(".react-flow__node").evaluateAll((nodes) => nodes.map((node) => `${node.getAttribute("data-id")} ${(node as HTMLElement).style.transform}`));

/** Presses every editing key with each kind of thing in focus, and sees that nothing moved. */
async function pressEverything(page: Page, labels: readonly string[]): Promise<void> {
  const before = await placesOf(page);
  for (const label of labels) {
    for (const key of EDITING_KEYS) {
      await page.getByLabel(label, { exact: true }).first().focus();
      await page.keyboard.press(key);
    }
    expect(await placesOf(page), label).toEqual(before);
  }
}

test("a viewer reads everything by keyboard, and no key changes or breaks anything", async ({ editor, page: admin, browser, baseURL }) => {
  test.setTimeout(180_000);
  const id = await editor.create("two-vpc-peered");
  const { context, page, complaints, changes } = await watched(browser, baseURL);
  await signInAsViewer(admin, page, "vera");
  const viewer = new EditorPage(page);
  await viewer.open(id);
  await expect(page.getByText("View only")).toBeVisible();
  changes.length = 0;

  const nodes = await page.locator(".react-flow__node").evaluateAll((found) => found.map((node) => node.getAttribute("aria-label")));
  const reached = await reachedByTab(page);
  for (const label of nodes) expect(reached.filter((stop) => stop.endsWith(`: ${label}`)), label ?? "").not.toEqual([]);
  expect(reached.filter((stop) => stop.includes("Peering "))).not.toEqual([]);
  for (const stop of [/Find/, /^tab: Inspector$/, /^treeitem: /, /^tab: Events/]) expect(reached.some((found) => stop.test(found)), String(stop)).toBe(true);

  const tree = page.getByRole("tree", { name: "Outline" });
  await tree.locator("[tabindex='0']").focus();
  await page.keyboard.press("Home");
  const read: string[] = [];
  for (let last = ""; ;) {
    const row = page.locator("[role=treeitem]:focus");
    const rowId = (await row.getAttribute("data-tree")) ?? "";
    if (rowId === last) break;
    last = rowId;
    if ((await row.getAttribute("aria-expanded")) === "false") await page.keyboard.press("ArrowRight");
    if (!rowId.includes("/")) {
      await page.keyboard.press("Space");
      const [name] = ((await row.getAttribute("aria-label")) ?? "").split(" ");
      await expect(viewer.inspector.getByRole("heading", { level: 2 })).toHaveText(name ?? "");
      await expect(viewer.inspector.locator("input, select, textarea")).toHaveCount(0);
      // No host is joined.
      if (rowId !== "host") await expect(viewer.inspector.getByLabel("Facts")).toBeVisible();
      read.push(rowId.split("-")[0] ?? "");
    }
    await page.keyboard.press("ArrowDown");
  }
  expect([...new Set(read)].sort()).toEqual(["acl", "host", "i", "igw", "pcx", "rtb", "sg", "subnet", "vpc"]);

  // Nothing that is drawn offers to be changed, selected or not.
  for (const object of [viewer.object("vpc", "vpc1"), viewer.subnetIn("vpc1", "private")]) {
    await viewer.selectObject(object);
    await expect(page.locator(".peer-handle, .react-flow__resize-control").or(page.getByRole("button", { name: /^Make it/ }))).toHaveCount(0);
  }
  const [instance] = nodes.filter((label) => label?.startsWith("Instance "));
  await pressEverything(page, ["VPC vpc1", instance ?? "", "Topology canvas"]);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Control+k");
  const find = page.getByRole("combobox", { name: /Find/ });
  for (const wish of ["Add VPC", "Undo", "Delete", "Duplicate", "Paste", "Lay out", "Apply", "Peer"]) {
    await find.fill(wish);
    await expect(page.getByRole("listbox", { name: "Found" }).getByRole("option", { name: new RegExp(`^${wish}`) })).toHaveCount(0);
  }
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(changes).toEqual([]);
  expect(complaints).toEqual([]);
  await viewer.expectSaved();
  expect(await editor.revisionOf(id)).toBe(1);
  await context.close();
});

test("an audience reads the stage by keyboard, and no key changes or breaks anything", async ({ editor, page: admin, browser, baseURL }) => {
  const id = await editor.create("two-vpc-peered");
  await admin.getByRole("button", { name: "More actions" }).click();
  await admin.getByRole("menuitem", { name: "Stage links" }).click();
  await admin.getByRole("button", { name: "Make a link" }).click();
  const link = await admin.getByLabel("New stage link").innerText();
  const { context, page, complaints, changes } = await watched(browser, baseURL);
  await page.goto(link);
  await page.locator('[data-object="internet"]').waitFor();
  changes.length = 0;
  const nodes = await page.locator(".react-flow__node").evaluateAll((found) => found.map((node) => node.getAttribute("aria-label")));
  const reached = await reachedByTab(page);
  for (const label of nodes) expect(reached.filter((stop) => stop.endsWith(`: ${label}`)), label ?? "").not.toEqual([]);
  expect(reached.filter((stop) => stop.includes("Peering "))).not.toEqual([]);
  const [instance] = nodes.filter((label) => label?.startsWith("Instance "));
  await pressEverything(page, ["VPC vpc1", instance ?? ""]);
  expect(changes).toEqual([]);
  expect(complaints).toEqual([]);
  expect(await editor.revisionOf(id)).toBe(1);
  await context.close();
});
