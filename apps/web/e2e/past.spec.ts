import { expect, test } from "./fixtures";

test("the inspector shows objects as they were, what differs since, and what no longer exists, by keyboard alone", async ({ editor, page }) => {
  const id = await editor.create("two-vpc");
  await editor.selectObject(editor.object("vpc", "vpc1"));
  await editor.setField("Name", "shop");
  await editor.expectSaved();
  await editor.selectObject(editor.object("instance", "shop/public/main"));
  await page.keyboard.press("Delete");
  await expect(editor.object("instance", "shop/public/main")).toHaveCount(0);
  await editor.expectSaved();

  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("slider", { name: "Revision" }).press("Home");
  await expect(page.getByRole("status", { name: "Earlier revision" })).toContainText("Revision 1");
  await page.getByRole("group", { name: "VPC vpc1" }).focus();
  await page.keyboard.press("Enter");
  const vpc = page.getByRole("region", { name: "Inspector of VPC vpc1 at revision 1" });
  await expect(vpc.getByRole("list", { name: "What differs in it" })).toContainText("name");
  await expect(vpc.getByRole("list", { name: "What differs in it" })).toContainText("shop");
  await expect(vpc.getByLabel("Facts")).toContainText("10.0.0.0/16");
  await expect(vpc.locator("input, select, textarea")).toHaveCount(0);

  await expect(page.locator(".peer-handle, .react-flow__resize-control")).toHaveCount(0);

  // The way on to what has no box, and back to what does not exist any more.
  await vpc.getByRole("list", { name: "Security groups" }).getByRole("button").first().focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Inspector of security group default at revision 1" }).getByRole("list", { name: "Rules and routes" })).toBeVisible();
  await page.getByRole("group", { name: "Instance vpc1/public/main" }).focus();
  await page.keyboard.press("Enter");
  const gone = page.getByRole("region", { name: "Inspector of instance main at revision 1" });
  await expect(gone.getByRole("status", { name: "Through time" })).toHaveText("It no longer exists: what is drawn now is without it.");
  await expect(gone.getByLabel("Facts")).toContainText("10.0.1.2");

  // The same object through time: at the newest revision it is not there.
  await page.getByRole("slider", { name: "Revision" }).press("End");
  await expect(page.getByRole("status", { name: "Earlier revision" })).toContainText("Revision 3");
  await page.getByRole("slider", { name: "Revision" }).press("Home");
  await expect(gone).toBeVisible();

  // Compared: what is gone is found in the list of differences, too.
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByLabel("Show what differs from").selectOption("3");
  await page.getByRole("list", { name: "Differences" }).getByRole("button", { name: /instance “main” removed/ }).focus();
  await page.keyboard.press("Enter");
  await expect(gone.getByRole("status", { name: "Through time" })).toHaveText("It no longer exists: revision 3 is without it.");

  await page.keyboard.press("Escape");
  await expect(page.getByRole("status", { name: "Earlier revision" })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Inspector of the topology" })).toBeVisible();
  expect(await editor.revisionOf(id)).toBe(3);
});
