import { expect, test } from "./fixtures";
import type { Page } from "@playwright/test";

const card = (page: Page, name: string) => page.getByRole("listitem", { name, exact: true });

async function act(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

/** A new topology by the menu of the list; answers when its editor is open. */
async function createByMenu(page: Page, template: string, name: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: "New topology" }).click();
  await page.getByRole("menuitem", { name: template, exact: true }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.waitForURL(/\/t\//);
}

/** What other tests of this worker have left, so that the account is as new. */
async function removeAll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const answer = (await (await fetch("/api/trpc/topology.list")).json()) as { result: { data: { id: string }[] } };
    for (const { id } of answer.result.data) {
      await fetch("/api/trpc/topology.remove", { method: "POST", headers: { "content-type": "application/json", "x-vpclab": "1" }, body: JSON.stringify({ id }) });
    }
  });
}

test.describe.configure({ mode: "serial" });

test("a new account begins with one click to something alive", async ({ page, editor }) => {
  await page.goto("/");
  await removeAll(page);
  await page.reload();
  await expect(page.getByRole("button", { name: "Import a file" })).toBeVisible();
  await page.getByRole("button", { name: "Start with the two-VPC lab" }).click();
  await page.waitForURL(/\/t\//);
  await editor.ready();
  await expect(editor.objects("vpc")).toHaveCount(2);
  await expect(editor.objects("subnet")).toHaveCount(3);
  await expect(editor.objects("internet-gateway")).toHaveCount(2);
});

test("the peered lab and the empty topology are templates too", async ({ page, editor }) => {
  await createByMenu(page, "Two-VPC lab, peered", "peered");
  await expect(editor.object("peering", "vpc1-vpc2")).toBeVisible();
  await createByMenu(page, "Empty topology", "blank");
  await expect(page.getByText("Begin with a VPC")).toBeVisible();
});

test("a card says what is in it, and can be renamed, duplicated and deleted", async ({ page }) => {
  await createByMenu(page, "Two-VPC lab", "shop");
  await page.goto("/");
  await expect(card(page, "shop")).toContainText("2 VPCs · 3 subnets · 3 instances");
  await expect(card(page, "shop")).toContainText("not applied");

  await act(page, "shop", "Duplicate");
  await page.getByRole("dialog").getByRole("button", { name: "Duplicate" }).click();
  await expect(card(page, "shop2")).toContainText("2 VPCs");

  await act(page, "shop2", "Rename");
  await page.getByRole("dialog").getByLabel("Name").fill("office");
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  await expect(card(page, "office")).toBeVisible();
  await expect(card(page, "shop2")).toHaveCount(0);

  await act(page, "office", "Delete");
  await expect(page.getByRole("alertdialog")).toContainText("2 VPCs, 3 subnets and 3 instances");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(card(page, "office")).toHaveCount(0);
  await expect(card(page, "shop")).toBeVisible();
});

test.describe("names", () => {
  test.use({ expectedComplaints: [/409|400/] });

  test("a bad or a taken name is refused beneath the field, and nothing typed is lost", async ({ page }) => {
    await page.goto("/");
    await act(page, "shop", "Rename");
    const dialog = page.getByRole("dialog");
    for (const [name, reason] of [["my shop", /lower-case letters/], ["shop; rm -rf", /lower-case letters/], ["s".repeat(60), /at most 30/], ["peered", /already|taken/i]] as const) {
      await dialog.getByLabel("Name").fill(name);
      await dialog.getByRole("button", { name: "Rename" }).click();
      await expect(dialog.getByRole("alert")).toHaveText(reason);
      await expect(dialog.getByLabel("Name")).toHaveValue(name);
    }
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(card(page, "shop")).toBeVisible();
  });
});

test("what is exported can be imported again", async ({ page, editor }) => {
  await createByMenu(page, "Two-VPC lab, peered", "traveller");
  await editor.ready();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Topology traveller" }).click();
  await page.getByRole("menuitem", { name: "Export JSON" }).click();
  const file = await (await download).path();
  await page.goto("/");
  await page.getByLabel("Topology file").setInputFiles({ name: "again.json", mimeType: "application/json", buffer: await (await import("node:fs/promises")).readFile(file) });
  await page.waitForURL(/\/t\//);
  await editor.ready();
  await expect(page.getByRole("button", { name: "Topology traveller2" })).toBeVisible();
  await expect(editor.object("peering", "vpc1-vpc2")).toBeVisible();
});

test.describe("files", () => {
  test.use({ expectedComplaints: [/400/] });

  test("that are no topology are refused with what is wrong", async ({ page }) => {
    await page.goto("/");
    const choose = (text: string) => page.getByLabel("Topology file").setInputFiles({ name: "wrong.json", mimeType: "application/json", buffer: Buffer.from(text) });
    await choose("{ not json");
    await expect(page.getByText("wrong.json is not valid JSON")).toBeVisible();
    const vpc = (name: string, digit: string) => ({ id: `vpc-00000000000${digit}`, name, cidr: "10.0.0.1/16" });
    await choose(JSON.stringify({ schemaVersion: 1, settings: { addressing: "lab" }, vpcs: [vpc("a", "1")], subnets: [], instances: [], internetGateways: [], peerings: [] }));
    await expect(page.getByText("10.0.0.0/16")).toBeVisible();
    expect(new URL(page.url()).pathname).toBe("/");
  });
});
