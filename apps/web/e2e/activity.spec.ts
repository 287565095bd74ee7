import { readFileSync } from "node:fs";
import type { ActivityEntry } from "@vpclab/shared/wire/activity";
import { test } from "./fake-host";
import { expect } from "./fixtures";

const COMMANDS = ["ip netns add vpc1", "nft -f - <<'EOF'\nadd table ip vpclab\nEOF"];

test("what a host did stands in the activity log at once, with its commands as a script; failures alone when asked", async ({ agent, editor, page }) => {
  const topologyId = await editor.create("empty");
  let number = 0;
  const tell = (changes: Partial<ActivityEntry>) => agent.send({
    type: "activity",
    entry: {
      id: `e2e-${number++}`, at: Date.now(), actor: "root (ann)", action: "apply", topologyId, topologyName: "lab", revision: 2, text: "VPC “prod” added, subnet “public” added",
      outcome: "done", reason: null, seconds: 0.42, commands: COMMANDS, commandsLeftOut: 0, ...changes,
    },
  });
  await page.getByRole("tab", { name: "Activity" }).click();
  const entries = page.getByRole("list", { name: "Entries" }).getByRole("listitem");
  await expect(entries).toHaveCount(1);
  await expect(entries.first()).toContainText("Empty topology created");

  tell({});
  await expect(entries).toHaveCount(2);
  await expect(entries.first()).toContainText(/root \(ann\).*apply.*VPC “prod” added, subnet “public” added.*done.*0\.42 s/);
  await entries.first().getByRole("button").first().click();
  await expect(page.getByLabel("Linux commands")).toHaveText(COMMANDS.join("\n"));
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
  expect(download.suggestedFilename()).toMatch(/^lab-apply-.*\.sh$/);
  expect(readFileSync(await download.path(), "utf8")).toMatch(/^#!\/bin\/sh\n# .*root \(ann\).*\n[^]*set -eu\nip netns add vpc1\nnft -f - <<'EOF'\nadd table ip vpclab\nEOF\n$/);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy as script" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("set -eu\nip netns add vpc1");

  tell({ outcome: "failed", text: "<b>x</b> \u202e evil", reason: "RTNETLINK answers: File exists", commands: [] });
  tell({ text: "after it" });
  await expect(entries).toHaveCount(4);
  await page.getByRole("radio", { name: "Failed" }).click();
  await expect(entries).toHaveCount(1);
  await expect(entries.first()).toContainText("<b>x</b>");
  await expect(entries.first()).toContainText("RTNETLINK answers: File exists");
  tell({ outcome: "refused", text: "not allowed", reason: "10.9.0.0/16 is not allowed on this host." });
  await expect(entries).toHaveCount(2);
  await page.getByRole("radio", { name: "Everything" }).click();
  await page.reload();
  await editor.ready();
  await page.getByRole("tab", { name: "Activity" }).click();
  await expect(entries).toHaveCount(5);
});
