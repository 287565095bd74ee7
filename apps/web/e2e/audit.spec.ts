import { readFileSync } from "node:fs";
import { expect, test } from "./fixtures";

test("what was done and refused stands in the audit log, is found by a filter, verified and taken away as a file", async ({ editor, page, baseURL }) => {
  await editor.create("empty");
  await page.request.post(`${baseURL}/api/trpc/topology.remove`, { data: { id: "6f9619ff-8b86-4011-b42d-00c04fc964ff" }, headers: { origin: baseURL ?? "", "x-vpclab": "1" } });
  await page.goto("/");
  await page.getByRole("link", { name: "Audit log" }).click();
  const rows = page.locator("tbody tr");
  await expect(rows.filter({ hasText: "topology.create" }).first()).toContainText("admin");
  await expect(page.locator('tr[data-action="topology.remove"]').first()).toContainText("NOT_FOUND");

  const chain = page.getByRole("region", { name: "State of the chain" });
  await expect(chain).toContainText("Not verified since the server started");
  await chain.getByRole("button", { name: "Verify" }).click();
  await expect(chain).toContainText(/Verified up to entry \d+/);

  await page.getByLabel("Result").selectOption("refused");
  await expect(rows.filter({ hasText: "topology.create" })).toHaveCount(0);
  await expect(page.locator('tr[data-action="topology.remove"]').first()).toBeVisible();
  await page.getByLabel("Who").fill("nobody");
  await page.getByLabel("Who").press("Enter");
  await expect(page.getByText("No entry fits this filter.")).toBeVisible();
  await page.getByRole("button", { name: "Clear" }).click();
  await page.locator('tr[data-action="topology.create"]').first().getByRole("button", { name: "topology.create" }).click();
  await expect(rows.filter({ hasText: "server.start" })).toHaveCount(0);

  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  const csv = readFileSync(await (await downloading).path(), "utf8");
  expect(csv.split("\r\n")[0]).toContain(`"sequence","time"`);
  expect(csv).toContain(`"topology.create"`);
  expect(csv).not.toContain(`"server.start"`);
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(page.locator('tr[data-action="audit.export"]').first()).toBeVisible();
});
