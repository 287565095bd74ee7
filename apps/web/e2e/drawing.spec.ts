import { expect, test } from "./fixtures";

test("a network is drawn from the palette, with names and addresses filled in", async ({ editor, page }) => {
  const id = await editor.create("empty");
  await editor.dragFromPalette("VPC", await editor.canvasPoint(0.4, 0.55));
  await expect(editor.object("vpc", "vpc1")).toContainText("10.0.0.0/16");
  await editor.dragFromPalette("Public subnet", editor.object("vpc", "vpc1"));
  await expect(editor.object("subnet", "public")).toContainText("10.0.1.0/24");
  await expect(editor.object("instance", "vpc1/public/main")).toContainText("10.0.1.2");
  await editor.dragFromPalette("Instance", editor.object("subnet", "public"));
  await expect(editor.object("instance", "vpc1/public/i1")).toContainText("10.0.1.3");
  // A public subnet brings what makes it public: the gateway, and a route to it.
  await expect(editor.object("internet-gateway", "vpc1-igw")).toBeVisible();
  await editor.expectSaved();
  await editor.open(id);
  await expect(editor.objects("instance")).toHaveCount(2);
  await expect(editor.object("internet-gateway", "vpc1-igw")).toBeVisible();
  await expect(page.getByText("Begin with a VPC")).toHaveCount(0);
});

test("a drop where it means nothing is refused with the reason, and changes nothing", async ({ editor, page }) => {
  await editor.create("two-vpc");
  const empty = await editor.canvasPoint(0.03, 0.95);
  for (const [item, reason] of [
    ["Public subnet", "belongs to a VPC"], ["Instance", "belongs to a subnet"], ["Internet gateway", "belongs to a VPC"],
  ] as const) {
    await editor.dragFromPalette(item, empty);
    await expect(page.getByRole("alert").filter({ hasText: reason })).toBeVisible();
  }
  await editor.dragFromPalette("Internet gateway", editor.object("vpc", "vpc1"));
  await expect(page.getByRole("alert").filter({ hasText: "already has an internet gateway" })).toBeVisible();
  await editor.dragFromPalette("VPC", editor.object("vpc", "vpc1"));
  await expect(page.getByRole("alert").filter({ hasText: "cannot stand inside another" })).toBeVisible();
  await expect(editor.objects("subnet")).toHaveCount(3);
  await expect(editor.objects("vpc")).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeDisabled();
});

test("while dragging, a wrong place says why and Esc lets go", async ({ editor, page }) => {
  await editor.create("two-vpc");
  const item = await page.getByRole("button", { name: "Private subnet" }).boundingBox();
  await editor.holdOver({ x: item!.x + 20, y: item!.y + 20 }, await editor.canvasPoint(0.03, 0.95));
  await expect(page.getByText("A subnet belongs to a VPC: drop it inside one.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("A subnet belongs to a VPC: drop it inside one.")).toHaveCount(0);
  await page.mouse.up();
  await expect(editor.objects("subnet")).toHaveCount(3);
});

test("an instance is moved into another subnet and gets an address there; undo brings it back", async ({ editor, page }) => {
  await editor.create("two-vpc");
  const target = (await editor.subnetIn("vpc2", "public").boundingBox())!;
  await editor.dragObject(editor.object("instance", "vpc1/public/main"), { x: target.x + target.width / 2, y: target.y + target.height / 2 });
  await expect(editor.object("instance", "vpc2/public/i1")).toContainText("172.16.1.3");
  await expect(editor.object("instance", "vpc1/public/main")).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(editor.object("instance", "vpc1/public/main")).toContainText("10.0.1.2");
  await page.keyboard.press("Control+Shift+z");
  await expect(editor.object("instance", "vpc2/public/i1")).toBeVisible();
});

test("a subnet dragged out of its VPC snaps back with the reason", async ({ editor, page }) => {
  await editor.create("two-vpc");
  const subnet = editor.subnetIn("vpc1", "private");
  const before = await subnet.boundingBox();
  const other = (await editor.object("vpc", "vpc2").boundingBox())!;
  await editor.dragObject(subnet, { x: other.x + other.width / 2, y: other.y + other.height / 2 });
  await expect(page.getByRole("alert").filter({ hasText: "stays in its VPC" })).toBeVisible();
  await expect.poll(() => subnet.boundingBox()).toEqual(before);
});

test("a VPC takes what is in it along, as one undo step", async ({ editor, page }) => {
  const id = await editor.create("two-vpc");
  const vpc = editor.object("vpc", "vpc1");
  const subnet = editor.subnetIn("vpc1", "public");
  const [vpcBefore, subnetBefore] = [(await vpc.boundingBox())!, (await subnet.boundingBox())!];
  await editor.dragObject(vpc, { x: vpcBefore.x - 20, y: vpcBefore.y + 150 });
  const moved = (await vpc.boundingBox())!;
  expect(moved.y - vpcBefore.y).toBeGreaterThan(80);
  const subnetMoved = (await subnet.boundingBox())!;
  expect(subnetMoved.y - subnetBefore.y).toBeCloseTo(moved.y - vpcBefore.y, 0);
  await editor.expectSaved();
  await editor.open(id);
  const [a, b] = [(await editor.object("vpc", "vpc1").boundingBox())!, (await editor.object("vpc", "vpc2").boundingBox())!];
  expect(a.y).toBeGreaterThan(b.y + 20);
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeDisabled();
});

test("two VPCs are peered by drawing between them, once", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await editor.connectVpcs("vpc1", "vpc2");
  await expect(editor.object("peering", "vpc1-vpc2")).toBeVisible();
  await expect(page.getByRole("heading", { name: "vpc1-vpc2" })).toBeVisible();
  await editor.connectVpcs("vpc2", "vpc1");
  await expect(page.getByRole("alert").filter({ hasText: "already peered" })).toBeVisible();
  await expect(editor.objects("peering")).toHaveCount(1);
});

test("a peering is also made by the palette and two clicks; overlapping ranges are refused", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await editor.selectObject(editor.object("vpc", "vpc2"));
  await page.getByRole("button", { name: "Delete vpc2" }).click();
  await expect(editor.objects("vpc")).toHaveCount(1);
  await editor.dragFromPalette("VPC", await editor.canvasPoint(0.85, 0.6));
  await editor.selectObject(editor.object("vpc", "vpc2"));
  await editor.setField("CIDR", "10.0.0.0/16");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Peering", exact: true }).click();
  await editor.selectObject(editor.object("vpc", "vpc1"));
  await editor.selectObject(editor.object("vpc", "vpc2"));
  await expect(page.getByRole("alert").filter({ hasText: "overlap" })).toBeVisible();
  await expect(editor.objects("peering")).toHaveCount(0);
});

test("while a peering is being drawn, a VPC that cannot be peered refuses and says why", async ({ editor, page }) => {
  const id = await editor.create("two-vpc");
  await editor.dragFromPalette("VPC", await editor.canvasPoint(0.5, 0.93));
  await editor.selectObject(editor.object("vpc", "vpc3"));
  await editor.setField("CIDR", "10.0.0.0/16");
  await page.keyboard.press("Escape");
  await editor.expectSaved();
  const revision = await editor.revisionOf(id);
  const source = editor.object("vpc", "vpc1");
  await source.hover({ position: { x: 20, y: 40 } });
  const handle = (await source.locator(".react-flow__handle-bottom").boundingBox())!;
  const target = (await editor.object("vpc", "vpc3").boundingBox())!;
  await editor.holdOver({ x: handle.x + handle.width / 2, y: handle.y + handle.height / 2 }, { x: target.x + target.width / 2, y: target.y + target.height / 2 });
  await expect(page.getByText(/vpc1 \(10\.0\.0\.0\/16\) and vpc3 \(10\.0\.0\.0\/16\) overlap/)).toBeVisible();
  await expect(editor.object("vpc", "vpc3")).toHaveClass(/cursor-not-allowed/);
  await expect(editor.object("vpc", "vpc2")).not.toHaveClass(/cursor-not-allowed/);
  await page.mouse.up();
  await expect(editor.objects("peering")).toHaveCount(0);
  await expect(editor.object("vpc", "vpc3")).not.toHaveClass(/cursor-not-allowed/);
  expect(await editor.revisionOf(id)).toBe(revision);
});

test("several are selected with Shift and deleted together; undo restores all of it", async ({ editor, page }) => {
  await editor.create("two-vpc-peered");
  await editor.selectObject(editor.object("instance", "vpc1/public/main"));
  await page.keyboard.down("Shift");
  await editor.selectObject(editor.object("vpc", "vpc2"));
  await page.keyboard.up("Shift");
  await expect(page.getByRole("heading", { name: "2 selected" })).toBeVisible();
  await page.keyboard.press("Delete");
  await expect(editor.objects("vpc")).toHaveCount(1);
  await expect(editor.objects("instance")).toHaveCount(1);
  await expect(editor.objects("peering")).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(editor.objects("vpc")).toHaveCount(2);
  await expect(editor.objects("instance")).toHaveCount(3);
  await expect(editor.object("peering", "vpc1-vpc2")).toBeVisible();
  await page.keyboard.press("Control+y");
  await expect(editor.objects("vpc")).toHaveCount(1);
});

test("zoom to fit brings everything back into view, and the minimap is there", async ({ editor, page }) => {
  await editor.create("two-vpc");
  for (let n = 0; n < 5; n++) await page.getByRole("button", { name: "Zoom in" }).click();
  await expect(editor.object("vpc", "vpc2")).not.toBeInViewport({ ratio: 0.99 });
  await page.getByRole("button", { name: "Zoom to fit" }).click();
  for (const name of ["vpc1", "vpc2"]) await expect(editor.object("vpc", name)).toBeInViewport({ ratio: 0.99 });
  await expect(page.getByRole("img", { name: "Minimap" })).toBeVisible();
});
