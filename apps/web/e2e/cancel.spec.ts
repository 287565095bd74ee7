import { test } from "./fake-host";
import { expect } from "./fixtures";

test("an apply that runs is cancelled: progress with its time, what is done and what is not, and the next apply goes on", async ({ agent, editor, page }) => {
  const id = await editor.create("two-vpc");
  agent.onJob = (job) => agent.holdUp(job);
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await page.getByRole("tab", { name: /^Events/ }).click();
  const progress = page.getByRole("region", { name: "Progress" });
  await expect.poll(() => agent.heldUp.has(id)).toBe(true);
  await expect(progress).toContainText(/\d\.\d s/);
  await page.screenshot({ path: test.info().outputPath("running.png") });
  await progress.getByRole("button", { name: "Cancel" }).click();
  await expect(progress).toContainText(/^Cancelled by admin: \d+ of \d+ objects are not as drawn\./);
  await expect(progress).toContainText("not finished, because the apply was cancelled");
  await expect(progress.getByRole("button", { name: "Cancel" })).toHaveCount(0);
  await page.screenshot({ path: test.info().outputPath("cancelled.png") });

  agent.onJob = (job) => agent.carryOut(job);
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await editor.expectState("instance", "vpc1/public/main", "in-place");
  await expect(progress).not.toContainText("Cancelled");
});

test("a cancel that comes too late says so", async ({ agent, editor, page }) => {
  const id = await editor.create("two-vpc");
  agent.onJob = (job) => (job.kind === "cancel" ? agent.send({ type: "cancel-done", jobId: job.jobId, outcome: "over" }) : agent.holdUp(job));
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await page.getByRole("tab", { name: /^Events/ }).click();
  await expect.poll(() => agent.heldUp.has(id)).toBe(true);
  await page.getByRole("region", { name: "Progress" }).getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("Nothing was cancelled: the apply had ended already.")).toBeVisible();
  agent.carryOut(agent.heldUp.get(id)!);
  await editor.expectState("instance", "vpc1/public/main", "in-place");
  agent.onJob = (job) => agent.carryOut(job);
});
