import type { Locator } from "@playwright/test";
import { expect, test } from "./fixtures";

test("a lab with a NAT gateway, a route, a group's rule and an ACL's entry is built on the canvas", async ({ editor, page }) => {
  const id = await editor.create("empty");
  await editor.dragFromPalette("VPC", await editor.canvasPoint(0.4, 0.5));
  await editor.dragFromPalette("Public subnet", editor.object("vpc", "vpc1"));
  await editor.dragFromPalette("Private subnet", editor.object("vpc", "vpc1"));
  await expect(editor.object("internet-gateway", "vpc1-igw")).toBeVisible();

  await editor.dragFromPalette("NAT gateway", editor.subnetIn("vpc1", "public"));
  const nat = editor.object("nat-gateway", "vpc1/public/nat");
  await expect(nat).toContainText("10.0.1.3");
  await expect(nat).toContainText("nat-eip");

  // Dropped onto a subnet, a table or ACL is there for that subnet.
  await editor.dragFromPalette("Route table", await headingOf(editor.subnetIn("vpc1", "private")));
  await expect(page.getByRole("heading", { name: "rtb1" })).toBeVisible();
  await editor.addRow("route", { Destination: "0.0.0.0/0", Target: "NAT gateway public/nat" });
  await expect(editor.row("Route 1")).toContainText("active");
  await expect(editor.inspector.getByRole("list", { name: "Subnets that use it" })).toContainText("private");

  await editor.dragFromPalette("Network ACL", await headingOf(editor.subnetIn("vpc1", "private")));
  await expect(page.getByRole("heading", { name: "acl1" })).toBeVisible();
  await editor.addRow("ingress entry", { Protocol: "TCP", Ports: "80-443", Source: "10.0.0.0/16" });
  await expect(editor.row("Ingress entry 1").getByLabel("Number")).toHaveValue("100");
  await expect(editor.row("New ingress entry").getByLabel("Number")).toHaveValue("200");
  await editor.addRow("egress entry", { Action: "Deny", Number: "50" });
  await expect(editor.inspector.getByRole("listitem", { name: "Last egress entry" })).toContainText("Deny");

  await editor.dragFromPalette("Security group", editor.object("instance", "vpc1/private/main"));
  await expect(page.getByRole("heading", { name: "sg1" })).toBeVisible();
  await editor.addRow("ingress rule", { Protocol: "TCP", Ports: "8080", Source: "default", Description: "from the others" });
  await expect(editor.row("Ingress rule 1").getByLabel("Source")).toHaveValue("default");
  await expect(editor.inspector.getByRole("list", { name: "Instances that have it" })).toContainText("vpc1/private/main");

  await editor.expectSaved();
  await editor.open(id);
  await expect(editor.object("instance", "vpc1/private/main").locator('[data-chip="security-group:vpc1/sg1"]')).toHaveCount(1);
  await editor.openOwned("route-table", "vpc1/rtb1");
  await expect(editor.row("Route 1").getByLabel("Destination")).toHaveValue("0.0.0.0/0");
  await editor.openOwned("network-acl", "vpc1/acl1");
  await expect(editor.row("Egress entry 1").getByLabel("Action")).toHaveValue("deny");
});

test("public and private follow from the route table, and the switch is a shorthand for it", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await editor.selectObject(editor.subnetIn("vpc1", "private"));
  await editor.inspector.getByRole("radio", { name: "Public" }).click();
  await expect(page.getByRole("group", { name: "Public subnet private in vpc1" })).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("group", { name: "Private subnet private in vpc1" })).toBeVisible();

  // The same by hand: the table of the public subnet.
  await editor.selectObject(editor.subnetIn("vpc1", "public"));
  const table = await editor.field("Route table").evaluate((select: HTMLSelectElement) => select.selectedOptions[0]!.textContent ?? "");
  await editor.selectObject(editor.subnetIn("vpc1", "private"));
  await editor.field("Route table").selectOption({ label: table.replace(" (the main one)", "") });
  await expect(page.getByRole("group", { name: "Public subnet private in vpc1" })).toBeVisible();
});

test("a deleted gateway leaves a blackhole that is seen, and a new one mends it", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await editor.selectObject(editor.object("internet-gateway", "vpc1-igw"));
  await page.keyboard.press("Delete");
  await expect(page.getByRole("group", { name: "Private subnet public in vpc1" })).toBeVisible();
  await editor.selectObject(editor.subnetIn("vpc1", "public"));
  await expect(editor.inspector).toContainText("Packets to 0.0.0.0/0 vanish");
  await editor.dragFromPalette("Internet gateway", editor.object("vpc", "vpc1"));
  await expect(page.getByRole("group", { name: "Public subnet public in vpc1" })).toBeVisible();
});

test("an Elastic IP is allocated, moved and released; a group in use is not deleted", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await editor.dragFromPalette("Elastic IP", editor.object("instance", "vpc1/public/main"));
  await expect(editor.object("instance", "vpc1/public/main")).toContainText("eip1");
  await editor.field("Associated with").selectOption({ label: "vpc1/private/main" });
  await expect(editor.object("instance", "vpc1/private/main")).toContainText("eip1");
  await expect(editor.object("instance", "vpc1/public/main")).not.toContainText("eip1");
  await editor.selectObject(editor.object("instance", "vpc1/private/main"));
  await editor.inspector.getByRole("button", { name: "Disassociate" }).click();
  await page.keyboard.press("Escape");
  await expect(editor.inspector.locator('[data-object="elastic-ip:eip1"]')).toContainText("not associated");
  await editor.inspector.getByRole("button", { name: "Delete Elastic IP eip1" }).click();
  await expect(editor.inspector.locator('[data-object="elastic-ip:eip1"]')).toHaveCount(0);

  await editor.dragFromPalette("Security group", editor.object("instance", "vpc1/public/main"));
  await page.getByRole("button", { name: "Delete sg1" }).click();
  await expect(page.getByText(/sg1.*is that of/)).toBeVisible();
});

test("why: the promise is shown before any packet, names the rule, and leads to its row", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await editor.openOwned("network-acl", "vpc1/default");
  await editor.addRow("ingress entry", { Number: "50", Action: "Deny", Protocol: "ICMP" });
  await page.keyboard.press("Escape");
  await editor.openTest();
  const form = page.getByRole("form", { name: "Reachability test" });
  const choose = async (label: string, text: string) => {
    const option = (await form.getByLabel(label).locator("option").allTextContents()).find((candidate) => candidate.startsWith(text));
    await form.getByLabel(label).selectOption({ label: option ?? text });
  };
  await choose("Source", "vpc1 / public / main");
  await choose("Target", "vpc1 / private / main");
  const why = page.getByRole("region", { name: "Why" });
  await expect(why).toHaveAttribute("data-reachable", "false");
  await expect(why).toHaveAttribute("data-code", "SUBNET_ACL_RESTRICTION");
  await expect(page.locator("[data-path=stopped]")).toBeVisible();
  await why.getByRole("button", { name: /Decided by vpc1\/default, ingress 50/ }).click();
  await expect(editor.row("Ingress entry 1")).toHaveAttribute("data-pointed-at", "");
  await form.getByRole("radio", { name: "TCP", exact: true }).click();
  await expect(why).toHaveAttribute("data-reachable", "true");
  await expect(why.getByRole("list", { name: "Back" })).toBeVisible();
  await expect(page.locator("[data-path=reached] [data-way=back]")).toBeVisible();
});

/** The upper edge of a container, where nothing else stands. */
async function headingOf(object: Locator): Promise<{ x: number; y: number }> {
  const box = (await object.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + 6 };
}
