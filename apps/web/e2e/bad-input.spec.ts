import type { Locator } from "@playwright/test";
import type { EditorPage } from "./editor-page";
import { expect, test } from "./fixtures";

/** Bad inputs A to D as a person types them: the error stands beside the field, the draft stays, and nothing is saved. */
const PORTS = ["80-79", "0", "65536", "-1", "1.5", "1e3", "00080", "0x50", "ssh", "80,81", "１０"];
const PREFIXES = [
  "10.0.0.5/24", "010.0.0.0/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.1/16", "0x0a000000/8", "localhost", "example.com/24", "::/0", "::ffff:10.0.0.0/120",
  "１０.0.0.0/8", "10.0.0.0/8;reboot", "$(id)",
];
const NUMBERS = ["0", "32767", "-1", "1.5", "1e2", "0100", "abc"];
const NAMES = ["web;id", "$(id)", "-h", "../x", "a/b", "Web", "a b", "wеb", "a\u202Eb", "a\u200Bb", "x".repeat(31), "<script>"];

test.setTimeout(120_000);

test("rules of a group", async ({ editor }) => {
  const id = await editor.create("two-vpc");
  await editor.openOwned("security-group", "vpc1/default");
  const fresh = editor.row("New ingress rule");
  await editor.fillRow("New ingress rule", { Protocol: "TCP", Source: "10.0.0.0/16" });
  for (const ports of PORTS) await refused(await editor.setCell("New ingress rule", "Ports", ports), ports);
  await fresh.getByLabel("Ports").fill("80");
  for (const source of [...PREFIXES, "no-such-group"]) await refused(await editor.setCell("New ingress rule", "Source", source), source);
  await expect(fresh.getByLabel("Ports")).toHaveAttribute("aria-invalid", "false");
  // A rule that is there is changed to nonsense: it stays as it was, the draft as typed.
  await editor.fillRow("Egress rule 1", { Destination: "10.0.0.1/8" });
  await editor.row("Egress rule 1").getByLabel("Destination").press("Enter");
  await expect(editor.row("Egress rule 1").getByLabel("Destination")).toHaveAccessibleDescription(/10\.0\.0\.0\/8/);
  await editor.row("Egress rule 1").getByLabel("Destination").press("Escape");
  await expect(editor.row("Egress rule 1").getByLabel("Destination")).toHaveValue("0.0.0.0/0");
  await nothingSaved(editor, id);
});

test("entries of an ACL", async ({ editor }) => {
  const id = await editor.create("two-vpc");
  await editor.openOwned("network-acl", "vpc1/default");
  for (const number of [...NUMBERS, "100"]) await refused(await editor.setCell("New ingress entry", "Number", number), number);
  await editor.fillRow("New ingress entry", { Number: "300" });
  for (const cidr of PREFIXES) await refused(await editor.setCell("New ingress entry", "Source", cidr), cidr);
  await editor.fillRow("New ingress entry", { Protocol: "UDP", Source: "0.0.0.0/0" });
  for (const ports of PORTS) await refused(await editor.setCell("New ingress entry", "Ports", ports), ports);
  await nothingSaved(editor, id);
});

test("routes", async ({ editor }) => {
  const id = await editor.create("two-vpc");
  await editor.openOwned("route-table", "vpc1/main");
  for (const destination of [...PREFIXES, "10.0.0.0/16"]) await refused(await editor.setCell("New route", "Destination", destination), destination);
  await nothingSaved(editor, id);
});

test("names and published ports", async ({ editor }) => {
  const id = await editor.create("two-vpc");
  await editor.openOwned("security-group", "vpc1/default");
  for (const name of NAMES) {
    await editor.setField("Name", name);
    await refused(editor.field("Name"), name);
    await editor.field("Name").press("Escape");
  }
  await editor.selectObject(editor.object("instance", "vpc1/public/main"));
  await editor.fillRow("New published port", { "Port of the instance": "80" });
  for (const port of ["", "0", "65536", "080", "http", "1.5"]) await refused(await editor.setCell("New published port", "Port of the host", port), port);
  await nothingSaved(editor, id);
});

/** The error stands beside the field, which keeps what was typed. */
async function refused(field: Locator, text: string): Promise<void> {
  await expect(field, text).toHaveAttribute("aria-invalid", "true");
  await expect(field, text).toHaveAccessibleDescription(/./);
  await expect(field).toHaveValue(text);
}

async function nothingSaved(editor: EditorPage, id: string): Promise<void> {
  await expect(editor.page.getByRole("button", { name: "Undo", exact: true })).toBeDisabled();
  await editor.expectSaved();
  expect(await editor.revisionOf(id)).toBe(1);
}
