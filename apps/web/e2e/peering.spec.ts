import { expect, test } from "./fixtures";

test("a peering with another topology is requested here, accepted there, and shown as it stands on both sides", async ({ editor, page }) => {
  const there = await editor.create("two-vpc");
  const nameThere = await editor.page.getByRole("heading", { level: 2 }).first().innerText();
  const here = await editor.create("two-vpc");
  await editor.selectObject(editor.object("vpc", "vpc1"));
  await editor.inspector.getByRole("button", { name: "Peer with" }).click();
  await page.getByRole("menuitem", { name: "A VPC of another topology" }).click();
  const dialog = page.getByRole("dialog");
  // Both labs have the same ranges: what overlaps is not offered.
  await expect(dialog.getByRole("button", { name: `Request peering with ${nameThere}/vpc1` })).toHaveCount(0);
  await dialog.getByRole("button", { name: `Request peering with ${nameThere}/vpc2` }).click();
  const edge = editor.objects("peering");
  await expect(edge).toHaveAttribute("data-status", "pending-acceptance");
  await expect(page.locator(`[data-object="remote-vpc:${nameThere}/vpc2"]`)).toContainText("172.16.0.0/16");

  await editor.open(there);
  await expect(edge).toHaveAttribute("data-status", "pending-acceptance");
  await edge.click();
  await editor.inspector.getByRole("button", { name: "Accept" }).click();
  await expect(edge).toHaveAttribute("data-status", "active");

  await editor.open(here);
  await expect(edge).toHaveAttribute("data-status", "active");
  await edge.click();
  await expect(editor.inspector.getByLabel("Peering status")).toContainText("active");
  const routes = editor.inspector.getByRole("list", { name: "Routes of vpc1" });
  const missing = await routes.getByRole("button", { name: /^Add route to/ }).count();
  for (let n = 0; n < missing; n++) await routes.getByRole("button", { name: /^Add route to/ }).first().click();
  await expect(routes.getByRole("button", { name: /^Add route to/ })).toHaveCount(0);
  await expect(routes).toContainText("172.16.0.0/16");
  await editor.expectSaved();
});

test("the same is requested and accepted with the keyboard alone, by Find and by the menu", async ({ editor, page }) => {
  const there = await editor.create("two-vpc");
  const nameThere = await editor.page.getByRole("heading", { level: 2 }).first().innerText();
  await editor.create("two-vpc");
  await page.getByRole("group", { name: "VPC vpc1" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+F10");
  await expect(page.getByRole("menuitem", { name: "Peer vpc1 with a VPC of another topology" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("vpc of another topology");
  await page.keyboard.press("Enter");
  const request = page.getByRole("dialog").getByRole("button", { name: `Request peering with ${nameThere}/vpc2` });
  await request.focus();
  await page.keyboard.press("Enter");
  const edge = editor.objects("peering");
  await expect(edge).toHaveAttribute("data-status", "pending-acceptance");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await editor.open(there);
  await page.getByLabel(/^Peering /).first().focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("accept peering");
  await page.keyboard.press("Enter");
  await expect(edge).toHaveAttribute("data-status", "active");
});
