import { expect, test } from "./fixtures";

test("a whole topology is built, selected, undone and deleted with the keyboard alone", async ({ editor, page }) => {
  await editor.create("empty");
  const add = async (name: string) => {
    await page.getByRole("navigation", { name: "Palette" }).getByRole("button", { name, exact: true }).focus();
    await page.keyboard.press("Enter");
  };
  await add("VPC");
  await add("Internet gateway");
  await add("Public subnet");
  await add("Instance");
  await expect(editor.object("instance", "vpc1/public/i1")).toContainText("10.0.1.3");
  await expect(editor.object("internet-gateway", "vpc1-igw")).toBeVisible();
  await add("VPC");
  await expect(editor.object("vpc", "vpc2")).toContainText("10.1.0.0/16");

  // The new VPC is selected, so this subnet goes into it.
  await add("Private subnet");
  await expect(editor.subnetIn("vpc2", "private")).toBeVisible();

  await page.getByRole("group", { name: "VPC vpc1" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "vpc1" })).toBeVisible();
  await page.getByRole("button", { name: "Peer with" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(editor.object("peering", "vpc1-vpc2")).toBeVisible();

  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+a");
  await expect(page.getByRole("heading", { name: /selected/ })).toBeVisible();
  await page.keyboard.press("Delete");
  await expect(editor.objects("vpc")).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(editor.objects("vpc")).toHaveCount(2);
  await expect(editor.object("peering", "vpc1-vpc2")).toBeVisible();
});

test("a rule is added, changed and removed with the keyboard alone", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await page.getByRole("group", { name: "VPC vpc1" }).focus();
  await page.keyboard.press("Enter");
  await editor.inspector.locator('[data-object="network-acl:vpc1/default"]').getByRole("button").first().focus();
  await page.keyboard.press("Enter");
  await editor.row("New ingress entry").getByLabel("Number").focus();
  await expect(page.locator(":focus")).toHaveValue("200");
  await page.keyboard.press("Enter");
  await expect(editor.row("Ingress entry 2").getByLabel("Number")).toHaveValue("200");
  await editor.row("Ingress entry 2").getByLabel("Number").focus();
  await page.keyboard.press("ArrowUp");
  await expect(editor.row("Ingress entry 1").getByLabel("Number")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("50");
  await page.keyboard.press("Enter");
  await expect(editor.row("Ingress entry 1").getByLabel("Number")).toHaveValue("50");
  await editor.row("Ingress entry 1").getByRole("button", { name: /^Remove/ }).focus();
  await page.keyboard.press("Enter");
  await expect(editor.row("Ingress entry 2")).toHaveCount(0);
  await expect(editor.row("Ingress entry 1").getByLabel("Number")).toHaveValue("100");
});

test("the arrow keys move what is selected, and a refused place is told", async ({ editor, page }) => {
  await editor.create("two-vpc");
  const group = page.getByRole("group", { name: "VPC vpc1" });
  await group.focus();
  await page.keyboard.press("Enter");
  const before = (await group.boundingBox())!;
  for (let n = 0; n < 3; n++) await page.keyboard.press("Shift+ArrowDown");
  await expect.poll(async () => (await group.boundingBox())!.y).toBeGreaterThan(before.y);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect.poll(async () => (await group.boundingBox())!.y).toBeCloseTo(before.y, 0);
});

test("keys typed into a field never act on the drawing", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await editor.selectObject(editor.object("vpc", "vpc1"));
  await editor.field("Name").focus();
  await page.keyboard.press("Backspace");
  await page.keyboard.type("f");
  await page.keyboard.press("Delete");
  await expect(editor.objects("vpc")).toHaveCount(2);
  await page.keyboard.press("Escape");
  await expect(editor.field("Name")).toHaveValue("vpc1");
});
