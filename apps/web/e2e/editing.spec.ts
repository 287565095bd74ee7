import type { Page } from "@playwright/test";
import type { EditorPage } from "./editor-page";
import { expect, test } from "./fixtures";

const find = (page: Page) => page.getByRole("combobox", { name: "Find an object or a command" });

/** Opens the palette by its keys, types, and chooses the first line. */
async function run(page: Page, query: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await find(page).fill(query);
  await page.keyboard.press("Enter");
}

const focusedId = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-id") ?? null);
const idOf = (editor: EditorPage, vpc: string) => editor.object("vpc", vpc).getAttribute("data-id");
const middleOf = (box: { x: number; y: number; width: number; height: number }) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

test("find leads by the keyboard alone to an object by its name or address, and opens it", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await run(page, "172.16.1.2");
  await expect(editor.inspector).toHaveAccessibleName("Inspector of instance main");
  await expect(editor.inspector).toContainText("vpc2/public");
  await run(page, "vpc1/private");
  await expect(editor.inspector).toHaveAccessibleName("Inspector of subnet private");
});

test("a kernel name that was pasted finds its object", async ({ editor, page }) => {
  await editor.create("two-vpc");
  const name = (await page.getByRole("button", { name: /^Topology / }).innerText()).trim();
  await page.keyboard.press("Control+k");
  await find(page).fill(`ip netns exec ${name}.vpc2-public ip route`);
  await expect(page.getByRole("option").first()).toContainText("vpc2/public/main");
  await page.keyboard.press("Enter");
  await expect(editor.inspector).toContainText("vpc2/public");
  const id = await editor.object("instance", "vpc2/public/main").getAttribute("data-id");
  await expect.poll(() => focusedId(page)).toBe(id);
});

test("find runs actions, says why one cannot be done, and Esc leaves everything as it was", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await page.getByRole("banner").getByRole("button", { name: "Find" }).click();
  await find(page).fill("undo");
  await expect(page.getByRole("option", { name: /^Undo/ })).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Enter");
  await expect(find(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(find(page)).toHaveCount(0);
  await run(page, "add vpc");
  await expect(editor.object("vpc", "vpc3")).toBeVisible();
  await run(page, "undo");
  await expect(editor.object("vpc", "vpc3")).toHaveCount(0);
});

test("ten instances are added at once, undone at once, and refused as a whole where there is no room", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await editor.selectObject(editor.subnetIn("vpc1", "private"));
  await run(page, "add 10 instances");
  await expect(editor.objects("instance")).toHaveCount(13);
  await expect(editor.object("instance", "vpc1/private/i10")).toContainText("10.0.2.12");
  await page.keyboard.press("Control+z");
  await expect(editor.objects("instance")).toHaveCount(3);

  await editor.selectObject(editor.subnetIn("vpc1", "private"));
  await editor.inspector.getByRole("button", { name: "Add instances" }).click();
  const dialog = page.getByRole("dialog", { name: "Add instances to private" });
  await dialog.getByRole("textbox").fill("300");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toContainText("room for 252 more instances, not 300");
  await expect(editor.objects("instance")).toHaveCount(3);
});

test("copy and paste take a VPC with all that is in it from one topology to another", async ({ editor, page }) => {
  await editor.create("two-vpc-peered");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+v");
  await expect(editor.object("peering", "vpc3-vpc4")).toBeVisible();
  await expect(editor.object("vpc", "vpc3")).toContainText("10.1.0.0/16");
  await expect(editor.objects("subnet")).toHaveCount(6);
  await page.keyboard.press("Control+z");
  await expect(editor.objects("vpc")).toHaveCount(2);

  await editor.create("empty");
  await page.locator(".react-flow__pane").click();
  await page.keyboard.press("Control+v");
  await expect(editor.object("peering", "vpc1-vpc2")).toBeVisible();
  await expect(editor.object("instance", "vpc1/public/main")).toContainText("10.0.1.2");
  await editor.expectSaved();
});

test("an instance is duplicated beside itself, and cut into another subnet", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await editor.selectObject(editor.object("instance", "vpc1/public/main"));
  await page.keyboard.press("Control+d");
  await expect(editor.object("instance", "vpc1/public/i1")).toContainText("10.0.1.3");
  await editor.selectObject(editor.object("instance", "vpc1/public/i1"));
  await page.keyboard.press("Control+x");
  await expect(editor.object("instance", "vpc1/public/i1")).toHaveCount(0);
  await editor.selectObject(editor.subnetIn("vpc2", "public"));
  await page.keyboard.press("Control+v");
  await expect(editor.object("instance", "vpc2/public/i1")).toContainText("172.16.1.3");
});

test("copying marked text is left to the browser, and a pasted text that is no drawing does nothing", async ({ editor, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await editor.create("two-vpc");
  await editor.selectObject(editor.object("vpc", "vpc1"));
  await page.evaluate(() => navigator.clipboard.writeText("not a drawing"));
  await page.keyboard.press("Control+v");
  await expect(editor.objects("vpc")).toHaveCount(2);
  await editor.field("Name").selectText();
  await page.keyboard.press("Control+c");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("vpc1");
});

test("the outline and the canvas select the same, and the tree is walked by keys", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await page.getByRole("tab", { name: "Outline" }).click();
  const tree = page.getByRole("tree", { name: "Outline" });
  await editor.selectObject(editor.object("vpc", "vpc2"));
  await expect(tree.getByRole("treeitem", { name: /^vpc2 / })).toHaveAttribute("aria-selected", "true");
  await tree.getByRole("treeitem", { name: /^vpc1 / }).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(tree.getByRole("treeitem", { name: /^vpc1 / })).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("ArrowRight");
  for (let n = 0; n < 3; n++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await expect(editor.inspector).toHaveAccessibleName(/^Inspector of/);
  await page.keyboard.press("Enter");
  await expect.poll(() => focusedId(page)).not.toBeNull();
});

test("everything is laid out anew as one undo step", async ({ editor, page }) => {
  await editor.create("two-vpc-peered");
  const [first, second] = [editor.object("vpc", "vpc1"), editor.object("vpc", "vpc2")];
  const before = (await second.boundingBox())!;
  await editor.dragObject(second, { x: before.x + 30, y: before.y + before.height * 0.9 });
  await page.keyboard.press("Escape");
  await run(page, "lay out");
  await expect(page.getByRole("button", { name: "Undo: Lay out automatically" })).toBeVisible();
  const level = async () => Math.abs((await first.boundingBox())!.y + (await first.boundingBox())!.height / 2 - ((await second.boundingBox())!.y + (await second.boundingBox())!.height / 2));
  await expect.poll(level).toBeLessThan(60);
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("button", { name: /^Undo: Move/ })).toBeVisible();
});

test("a dragged box lines up with its neighbour, shows the line, and does not with Alt", async ({ editor, page }) => {
  await editor.create("two-vpc");
  const [first, second] = [editor.object("vpc", "vpc1"), editor.object("vpc", "vpc2")];
  const aim = async (down: number) => {
    const [a, b] = [(await first.boundingBox())!, (await second.boundingBox())!];
    await editor.holdOver({ x: b.x + 40, y: b.y + 30 }, { x: b.x + 40 + 25, y: a.y + 30 + down });
  };
  await aim(-3);
  await expect(page.locator('[data-guide="y"]').first()).toBeAttached();
  await page.mouse.up();
  await expect(page.locator("[data-guide]")).toHaveCount(0);
  await expect.poll(async () => Math.abs((await first.boundingBox())!.y - (await second.boundingBox())!.y)).toBeLessThan(0.6);
  await page.keyboard.down("Alt");
  await aim(5);
  await expect(page.locator("[data-guide]")).toHaveCount(0);
  await page.mouse.up();
  await page.keyboard.up("Alt");
  await expect.poll(async () => Math.abs((await first.boundingBox())!.y - (await second.boundingBox())!.y)).toBeGreaterThan(2);
});

test("a dragged box stops as far from its neighbour as that is from the next, and both gaps are measured", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await page.getByRole("navigation", { name: "Palette" }).getByRole("button", { name: "VPC", exact: true }).focus();
  await page.keyboard.press("Enter");
  await editor.expectSaved();
  const boxOf = async (name: string) => (await editor.object("vpc", name).boundingBox())!;
  const gaps = async () => {
    const [a, b, c] = [await boxOf("vpc1"), await boxOf("vpc2"), await boxOf("vpc3")].sort((one, other) => one.x - other.x);
    return [b!.x - (a!.x + a!.width), c!.x - (b!.x + b!.width)] as const;
  };
  const [a, b, c] = [await boxOf("vpc1"), await boxOf("vpc2"), await boxOf("vpc3")];
  const wanted = b.x + b.width + (b.x - (a.x + a.width));
  await editor.holdOver({ x: c.x + 40, y: c.y + 24 }, { x: wanted + 4 + 40, y: b.y + b.height / 3 + 24 });
  await expect(page.locator('[data-gap="x"]')).toHaveCount(2);
  await page.mouse.up();
  await expect(page.locator("[data-gap]")).toHaveCount(0);
  await expect.poll(async () => Math.abs((await gaps())[0] - (await gaps())[1])).toBeLessThan(1);
});

test("boxes chosen by a rectangle are moved as a group by its frame, and undone at once", async ({ editor, page }) => {
  await editor.create("two-vpc");
  const ids = [await idOf(editor, "vpc1"), await idOf(editor, "vpc2")];
  const [a, b] = [(await editor.object("vpc", "vpc1").boundingBox())!, (await editor.object("vpc", "vpc2").boundingBox())!];
  await page.keyboard.down("Shift");
  await editor.drag({ x: a.x - 15, y: a.y - 25 }, { x: b.x + b.width + 12, y: Math.max(a.y + a.height, b.y + b.height) + 12 });
  await page.keyboard.up("Shift");
  await expect(page.getByRole("heading", { name: /selected/ })).toBeVisible();
  const frame = (await page.locator(".react-flow__nodesselection-rect").boundingBox())!;
  const from = { x: (a.x + a.width + b.x) / 2, y: frame.y + frame.height / 2 };
  await editor.drag(from, { x: from.x, y: from.y + 60 });
  for (const [at, id] of ids.entries()) {
    await expect.poll(async () => (await page.locator(`[data-object][data-id="${id}"]`).boundingBox())!.y - [a, b][at]!.y).toBeGreaterThan(30);
  }
  await page.keyboard.press("Control+z");
  await expect.poll(async () => Math.abs((await editor.object("vpc", "vpc1").boundingBox())!.y - a.y)).toBeLessThan(2);
  await expect.poll(async () => Math.abs((await editor.object("vpc", "vpc2").boundingBox())!.y - b.y)).toBeLessThan(2);
});

test("the menu of an object opens at the pointer and by the keyboard, and does what it says", async ({ editor, page }) => {
  await editor.create("two-vpc");
  const box = (await editor.object("instance", "vpc1/public/main").boundingBox())!;
  await page.mouse.click(middleOf(box).x, middleOf(box).y, { button: "right" });
  await page.getByRole("menuitem", { name: "Duplicate" }).click();
  await expect(editor.object("instance", "vpc1/public/i1")).toBeVisible();
  await page.getByRole("group", { name: "VPC vpc1" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: "Peer vpc1 with vpc2" }).focus();
  await page.keyboard.press("Enter");
  await expect(editor.object("peering", "vpc1-vpc2")).toBeVisible();
});

test("a route is drawn by the keyboard alone", async ({ editor, page }) => {
  await editor.create("two-vpc-peered");
  await run(page, "vpc1/private");
  await page.keyboard.press("Control+k");
  await find(page).fill("route everything");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^Undo: Route 0\.0\.0\.0\/0/ })).toBeVisible();
  await expect(page.getByRole("group", { name: "Public subnet private in vpc1" })).toBeVisible();
});

test("? lists the keys", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(list).toContainText("Ctrl Shift Z");
  await expect(list).toContainText("Zoom to selection");
  await page.keyboard.press("Escape");
  await expect(list).toHaveCount(0);
});
