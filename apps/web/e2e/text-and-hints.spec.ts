import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

const dock = (page: Page) => page.getByRole("region", { name: "Dock" });
const openDock = (page: Page, tab: RegExp) => dock(page).getByRole("tab", { name: tab }).click();
const undo = (page: Page) => page.getByRole("button", { name: /^Undo/ });

test("a template that is broken on purpose says what to find; its hint is mended by one click, and that can be undone", async ({ page, editor }) => {
  await editor.create("broken-nat");
  await expect(page.getByLabel("Note")).toHaveValue(/Find out what the gateway itself lacks/);
  await page.getByRole("button", { name: "Show the solution" }).click();
  await expect(page.getByText("Make that subnet public")).toBeVisible();
  await openDock(page, /^Hints/);
  const hints = page.getByRole("list", { name: "All hints" });
  await expect(hints.getByRole("listitem")).toHaveCount(1);
  await expect(hints).toContainText("stands in a private subnet");
  await hints.getByRole("button", { name: /stands in a private subnet/ }).click();
  await expect(editor.inspector.getByRole("list", { name: "Hints about this object" })).toBeVisible();
  await hints.getByRole("button", { name: /Move it to “public”/ }).click();
  await expect(page.getByText("No hints:")).toBeVisible();
  await expect(editor.object("nat-gateway", "lab/public/nat")).toBeVisible();
  await undo(page).click();
  await expect(hints.getByRole("listitem")).toHaveCount(1);
});

test("the drawing as text: followed, judged at the line, applied as one step, left by the keyboard", async ({ page, editor }) => {
  await editor.create("two-vpc");
  await openDock(page, /^YAML$/);
  const text = page.getByLabel("Topology as YAML");
  const apply = page.getByRole("button", { name: "Apply text" });
  await expect(text).toHaveValue(/cidr: 172\.16\.0\.0\/16/);
  await expect(apply).toBeDisabled();

  const before = await text.inputValue();
  await text.fill(before.replace("type: public", "type: pubic"));
  const problems = page.getByRole("list", { name: "Problems in the text" });
  await expect(problems).toContainText("Did you mean “public”");
  const line = before.split("\n").findIndex((each) => each.includes("type: public")) + 1;
  await expect(problems).toContainText(new RegExp(`^${line}:`));
  await expect(apply).toBeDisabled();
  await expect(undo(page)).toBeDisabled();

  await text.fill(`# our lab\n${before.replace("172.16.0.0/16", "172.18.0.0/16").replaceAll("172.16.1.", "172.18.1.")}`);
  await text.press("Control+Enter");
  await expect(editor.object("vpc", "vpc2")).toContainText("172.18.0.0/16");
  await expect(text).toHaveValue(/^# our lab\n/);
  await undo(page).click();
  await expect(editor.object("vpc", "vpc2")).toContainText("172.16.0.0/16");
  await expect(undo(page)).toBeDisabled();
  // The text follows, and what a person wrote beside it stays.
  await expect(text).toHaveValue(/^# our lab\n[\s\S]*172\.16\.0\.0\/16/);

  await text.focus();
  await page.keyboard.press("Tab");
  await expect(text).not.toBeFocused();
  await text.focus();
  await page.keyboard.press("Escape");
  await expect(text).not.toBeFocused();
});

test("the drawing is taken away in every format", async ({ page, editor }) => {
  await editor.create("three-tier");
  const exported = async (label: string): Promise<Buffer> => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: /^Topology / }).click();
    await page.getByRole("menuitem", { name: `Export ${label}`, exact: true }).click();
    return readFile(await (await download).path());
  };
  expect((await exported("YAML")).toString()).toContain("tcp 5432 from group app");
  expect((await exported("Terraform")).toString()).toContain('resource "aws_instance" "shop_web_main" {');
  expect((await exported("shell script")).toString()).toMatch(/^#!\/bin\/sh\n/);
  const picture = async (format: "SVG" | "PNG", choices: readonly string[] = []): Promise<Buffer> => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: /^Topology / }).click();
    await page.getByRole("menuitem", { name: `Export ${format} picture`, exact: true }).click();
    for (const name of choices) await page.getByRole("dialog").getByRole("radio", { name }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Export", exact: true }).click();
    return readFile(await (await download).path());
  };
  const shown = (await picture("SVG")).toString();
  expect(shown).toContain(">10.0.3.0/24</text>");
  // As it is shown, unless somebody wants it otherwise.
  const canvas = { light: 'fill="#f3f4f7"', dark: 'fill="#0d0f13"' };
  expect(shown).toContain(canvas.light);
  expect((await picture("SVG", ["Dark"])).toString()).toContain(canvas.dark);
  const forPaper = (await picture("SVG", ["None", "Fits an A4 page"])).toString();
  expect(forPaper).not.toContain(canvas.light);
  expect(forPaper).toMatch(/ width="[\d.]+mm"/);
  const onPaper = await picture("PNG", ["Fits an A4 page"]);
  expect(onPaper.subarray(37, 41).toString()).toBe("pHYs");
  expect(onPaper.readUInt32BE(41)).toBeGreaterThan(3900);
  const png = await picture("PNG");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  // Twice the drawing's own size: not an empty canvas.
  expect(png.readUInt32BE(16)).toBeGreaterThan(1000);
  expect(png.length).toBeGreaterThan(10_000);
});

test("a policy file of the older tools becomes a subnet's firewall, whole or not at all", async ({ page, editor }) => {
  await editor.create("two-vpc");
  await editor.selectObject(editor.subnetIn("vpc1", "private"));
  const choose = (value: unknown) => page.getByLabel("Policy file").setInputFiles({ name: "policy.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(value)) });
  await choose({ subnet: "10.0.2.0/24", ingress: [{ port: 80, protocol: "tcp", action: "allow" }, { port: 22, protocol: "tcp", action: "denied" }] });
  await expect(editor.inspector.getByRole("alert")).toContainText("policy.json is not in force");
  await expect(editor.inspector.getByRole("switch", { name: "Firewall" })).not.toBeChecked();
  await choose({ subnet: "10.0.2.0/24", ingress: [{ port: 80, protocol: "tcp", action: "allow" }, { port: 22, protocol: "tcp", action: "deny" }] });
  await expect(editor.inspector.getByRole("switch", { name: "Firewall" })).toBeChecked();
  await expect(editor.inspector).toContainText("policy.json is drawn");
});
