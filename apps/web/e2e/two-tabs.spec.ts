import { expect, test } from "./fixtures";
import type { Browser, BrowserContext } from "@playwright/test";
import { EditorPage } from "./editor-page";

test.use({ expectedComplaints: [/ERR_INTERNET_DISCONNECTED/] });

/** Another window of the same account. */
async function secondTab(browser: Browser, options: { baseURL: string | undefined; storageState: Awaited<ReturnType<BrowserContext["storageState"]>>; viewport: { width: number; height: number } | null }) {
  const context = await browser.newContext(options);
  return { context, other: new EditorPage(await context.newPage()) };
}

test("a save of one tab appears in the other by itself", async ({ editor, browser, baseURL, account, viewport }) => {
  const id = await editor.create("two-vpc");
  const { context, other } = await secondTab(browser, { baseURL, storageState: account, viewport });
  await other.open(id);
  await editor.selectObject(editor.object("vpc", "vpc1"));
  await editor.setField("Name", "shop");
  await expect(other.object("vpc", "shop")).toBeVisible();
  const before = (await other.object("vpc", "vpc2").boundingBox())!;
  const box = (await editor.object("vpc", "vpc2").boundingBox())!;
  await editor.dragObject(editor.object("vpc", "vpc2"), { x: box.x + 40, y: box.y + 180 });
  await expect.poll(async () => (await other.object("vpc", "vpc2").boundingBox())!.y).toBeGreaterThan(before.y + 40);
  await expect(other.page.getByRole("button", { name: "Undo", exact: true })).toBeDisabled();
  await context.close();
});

/** This tab is cut off and changes something; meanwhile the other saves. Then the connection is back. */
async function diverge(editor: EditorPage, other: EditorPage, mine: string): Promise<void> {
  await editor.page.context().setOffline(true);
  await editor.dragFromPalette("VPC", await editor.canvasPoint(0.1, 0.9));
  await editor.selectObject(editor.object("vpc", mine));
  await editor.setField("Name", "mine");
  await expect(editor.page.getByRole("status", { name: "Save state" })).toHaveText("Offline");
  await other.dragFromPalette("VPC", await other.canvasPoint(0.1, 0.9));
  await expect(other.object("vpc", "vpc3")).toBeVisible();
  await other.selectObject(other.object("vpc", "vpc1"));
  await other.setField("Name", "shop");
  await other.expectSaved();
  await editor.page.context().setOffline(false);
}

/** These, and the fourth under the next free name. */
async function expectVpcs(tabs: readonly EditorPage[], names: readonly string[]): Promise<void> {
  for (const tab of tabs) {
    for (const name of names) await expect(tab.object("vpc", name)).toBeVisible();
    await expect(tab.objects("vpc")).toHaveCount(4);
  }
}

test("what two tabs change in different objects is merged without a question", async ({ editor, browser, baseURL, account, viewport }) => {
  const id = await editor.create("two-vpc");
  const { context, other } = await secondTab(browser, { baseURL, storageState: account, viewport });
  await other.open(id);
  await diverge(editor, other, "vpc2");
  await expect(editor.object("vpc", "shop")).toBeVisible({ timeout: 20_000 });
  await editor.expectSaved();
  await expectVpcs([editor, other], ["shop", "mine", "vpc3"]);
  await expect(editor.page.getByRole("region", { name: "Conflict" })).toHaveCount(0);
  await context.close();
});

/** Both have given vpc1 another name. */
async function contest(editor: EditorPage, other: EditorPage): Promise<void> {
  await diverge(editor, other, "vpc1");
  const conflict = editor.page.getByRole("region", { name: "Conflict" });
  await expect(conflict).toBeVisible({ timeout: 20_000 });
  await expect(conflict.getByRole("region", { name: "Saved meanwhile" })).toContainText("vpc1 → shop");
  await expect(conflict.getByRole("region", { name: "Yours, not saved yet" })).toContainText("vpc1 → mine");
}

test("the same thing changed on both sides is asked about, and nothing else is lost", async ({ editor, browser, baseURL, account, viewport }) => {
  const id = await editor.create("two-vpc");
  const { context, other } = await secondTab(browser, { baseURL, storageState: account, viewport });
  await other.open(id);
  await contest(editor, other);
  await editor.page.getByRole("button", { name: "Keep mine here" }).click();
  await editor.expectSaved();
  await expectVpcs([editor, other], ["mine", "vpc2", "vpc3"]);
  await context.close();
});

test("in a conflict mine can be saved as a copy, or dropped", async ({ editor, browser, baseURL, account, viewport }) => {
  const id = await editor.create("two-vpc");
  const { context, other } = await secondTab(browser, { baseURL, storageState: account, viewport });
  await other.open(id);
  await contest(editor, other);
  await editor.page.getByRole("button", { name: "Save mine as a copy" }).click();
  await expect(editor.object("vpc", "shop")).toBeVisible();
  await editor.page.getByRole("button", { name: "Open", exact: true }).click();
  await editor.page.waitForURL((url) => !url.pathname.endsWith(id));
  await editor.ready();
  for (const name of ["mine", "vpc2", "vpc3"]) await expect(editor.object("vpc", name)).toBeVisible();
  await context.close();
});

test("a tab whose topology is deleted elsewhere says so and lets it be exported", async ({ editor, browser, baseURL, account, viewport }) => {
  const id = await editor.create("two-vpc");
  const name = (await editor.page.getByRole("button", { name: /^Topology / }).innerText()).trim();
  const { context, other } = await secondTab(browser, { baseURL, storageState: account, viewport });
  await other.page.goto("/");
  await other.page.getByRole("button", { name: `Actions for ${name}` }).click();
  await other.page.getByRole("menuitem", { name: "Delete" }).click();
  await other.page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(editor.page.getByText("This topology was deleted")).toBeVisible();
  await expect(editor.page.getByRole("button", { name: "Export JSON" })).toBeVisible();
  expect(id).toBeTruthy();
  await context.close();
});
