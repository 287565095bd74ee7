import type { Browser, BrowserContext } from "@playwright/test";
import { EditorPage } from "./editor-page";
import { expect, test } from "./fixtures";

interface Options {
  readonly baseURL: string | undefined;
  readonly storageState?: Awaited<ReturnType<BrowserContext["storageState"]>>;
}
async function another(browser: Browser, { baseURL, storageState }: Options) {
  const context = await browser.newContext({ baseURL, storageState, viewport: { width: 1280, height: 800 } });
  return { context, other: new EditorPage(await context.newPage()) };
}

test("the past is shown by keyboard, compared by sign, left by Esc, and restored as a step that can be undone", async ({ editor }) => {
  const id = await editor.create("two-vpc");
  await editor.dragFromPalette("VPC", await editor.canvasPoint(0.1, 0.9));
  await editor.expectSaved();
  await editor.selectObject(editor.object("vpc", "vpc1"));
  await editor.setField("Name", "shop");
  await editor.expectSaved();
  const { page } = editor;
  await page.getByRole("tab", { name: "History" }).click();
  const slider = page.getByRole("slider", { name: "Revision" });
  await expect(slider).toHaveAttribute("aria-valuetext", /^Revision 3, .*now$/);
  await slider.press("Home");
  const past = page.getByRole("status", { name: "Earlier revision" });
  await expect(past).toContainText("Revision 1");
  await expect(editor.object("vpc", "vpc1")).toBeVisible();
  await expect(editor.object("vpc", "shop")).toHaveCount(0);
  await page.getByLabel("Show what differs from").selectOption("now");
  await expect(page.locator('[data-change="added"]').first()).toContainText("+");
  await expect(page.getByRole("img", { name: "shop changed" })).toContainText("~");
  await page.getByLabel("Show what differs from").press("Tab");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Escape");
  await expect(past).toHaveCount(0);
  await expect(editor.object("vpc", "shop")).toBeVisible();
  expect(await editor.revisionOf(id)).toBe(3);
  await slider.press("Home");
  await past.getByRole("button", { name: "Restore" }).click();
  await expect(editor.object("vpc", "vpc1")).toBeVisible();
  await expect.poll(() => editor.revisionOf(id)).toBe(4);
  await expect(page.locator('[data-revision="4"]')).toBeVisible();
  await page.getByRole("button", { name: /^Undo: Restore revision 1/ }).click();
  await expect(editor.object("vpc", "shop")).toBeVisible();
  await expect(editor.object("vpc", "vpc3")).toBeVisible();
});

test("two tabs see each other's pointer and selection, and no longer when one closes", async ({ editor, browser, baseURL, account }) => {
  const id = await editor.create("two-vpc");
  const { context, other } = await another(browser, { baseURL, storageState: account });
  await other.open(id);
  await other.selectObject(other.object("vpc", "vpc1"));
  await expect(editor.page.locator("[data-pointer-of=admin]")).toBeVisible();
  await expect(editor.page.locator("[data-selected-by=admin]")).toHaveCount(1);
  await expect(editor.page.getByRole("list", { name: "Who is here" }).getByRole("listitem")).toHaveCount(1);
  await context.close();
  await expect(editor.page.getByRole("list", { name: "Who is here" })).toHaveCount(0, { timeout: 5_000 });
  await expect(editor.page.locator("[data-pointer-of]")).toHaveCount(0);
});

test("a stage link shows the drawing live to somebody without an account, until it is revoked", async ({ editor, browser, baseURL }) => {
  await editor.create("two-vpc");
  const { page } = editor;
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Stage links" }).click();
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByLabel("New stage link").innerText();
  const { context, other } = await another(browser, { baseURL });
  await other.page.goto(link);
  await expect(other.object("vpc", "vpc1")).toBeVisible();
  await expect(other.page.getByRole("navigation", { name: "Palette" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await editor.selectObject(editor.object("vpc", "vpc1"));
  await editor.setField("Name", "shop");
  await expect(other.object("vpc", "shop")).toBeVisible();
  const box = (await editor.object("vpc", "vpc2").boundingBox())!;
  await page.mouse.move(box.x + 60, box.y + 60, { steps: 4 });
  await expect(other.page.locator("[data-presenter]")).toBeVisible();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Stage links" }).click();
  await page.getByRole("button", { name: "Revoke" }).click();
  await expect(other.page.getByText("This link does not work, or not any more.")).toBeVisible();
  await context.close();
});

test("projector mode leaves the canvas and one panel, in bigger text", async ({ editor }) => {
  await editor.create("two-vpc");
  const { page } = editor;
  await page.getByRole("button", { name: "Projector mode" }).click();
  await expect(page.getByRole("navigation", { name: "Palette" })).toHaveCount(0);
  await expect(page.getByRole("complementary", { name: "Details" })).toHaveCount(0);
  await editor.openTest();
  await page.getByRole("button", { name: "Open the details" }).click();
  await expect(page.getByRole("form", { name: "Reachability test" })).toHaveCount(0);
  const size = await page.getByRole("tab", { name: "Inspector" }).evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
  expect(size).toBeGreaterThanOrEqual(16);
  await page.getByRole("tab", { name: "Inspector" }).press("p");
  await expect(page.getByRole("navigation", { name: "Palette" })).toBeVisible();
});

test("a stage link that is none says so, in words", async ({ page }) => {
  for (const token of ["", "nonsense", "A".repeat(43)]) {
    await page.goto("about:blank");
    await page.goto(`/stage#${token}`);
    await expect(page.getByRole("alert").filter({ hasText: "link" })).toHaveText("This link does not work, or not any more. Ask whoever gave it to you for a new one.");
  }
});
