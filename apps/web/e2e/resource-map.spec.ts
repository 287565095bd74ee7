import { expect, test } from "./fixtures";

test("the resource map lights what a subnet leads to, by pointer and by keyboard, and a click selects it on the canvas", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await page.getByRole("tab", { name: "Resource map" }).click();
  const map = page.getByRole("group", { name: "Resource map" });
  const box = (name: string) => map.locator(`[data-map="${name}"]`);
  const lit = () => map.locator('[data-lit="true"]').evaluateAll((boxes) => boxes.map((one) => (one as HTMLElement).dataset["map"]));

  await box("private").hover();
  await expect.poll(lit).toEqual(["vpc1", "private", "main"]);
  await page.mouse.move(0, 0);
  await expect.poll(lit).toEqual([]);
  await box("public").first().focus();
  await expect.poll(lit).toEqual(["vpc1", "public", "public", "vpc1-igw"]);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "public", exact: true })).toBeVisible();

  // Another VPC's object brings its own VPC.
  await editor.selectObject(editor.object("vpc", "vpc2"));
  await expect(box("vpc2")).toBeVisible();
  await page.getByRole("button", { name: "Enlarge the resource map" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Enlarge the resource map" })).toBeVisible();
});
