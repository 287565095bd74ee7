import type { Deployment } from "@vpclab/shared/wire/live";
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
  await progress.getByRole("button", { name: "Cancel", exact: true }).click();
  await expect(progress).toContainText(/^Cancelled by admin: \d+ of \d+ objects are not as drawn\./);
  await expect(progress).toContainText("not finished, because the apply was cancelled");
  await expect(progress.getByRole("button", { name: "Cancel", exact: true })).toHaveCount(0);
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
  await page.getByRole("region", { name: "Progress" }).getByRole("button", { name: "Cancel", exact: true }).click();
  await expect(page.getByText("Nothing was cancelled: the apply had ended already.")).toBeVisible();
  agent.carryOut(agent.heldUp.get(id)!);
  await editor.expectState("instance", "vpc1/public/main", "in-place");
  agent.onJob = (job) => agent.carryOut(job);
});

test("safe apply is chosen beside Apply; a host that is lost is waited for with a countdown, and says what it returned to", async ({ agent, editor, page, server }) => {
  const id = await editor.create("two-vpc");
  await editor.apply();
  await editor.expectState("instance", "vpc1/public/main", "in-place");
  await page.getByRole("button", { name: "Safe apply: the host keeps what is applied" }).click();
  await page.screenshot({ path: test.info().outputPath("choice.png") });
  await page.getByRole("menuitemradio", { name: "it returns by itself after 1 min" }).click();
  await expect(page.getByRole("button", { name: "Safe apply: the host returns by itself after 1 min" })).toBeVisible();
  agent.onJob = (job) => agent.holdUp(job);
  await editor.apply();
  await expect.poll(() => agent.heldUp.get(id)?.confirmWithinMs).toBe(60_000);
  agent.cut();
  await expect(page.getByRole("status").filter({ hasText: "returns to revision 1 by itself in about" })).toContainText(/\d+ s/);
  await page.screenshot({ path: test.info().outputPath("countdown.png") });

  const job = agent.heldUp.get(id)!;
  agent.heldUp.delete(id);
  const deployment: Deployment = { ...agent.apply(job), returned: { from: 1, afterMs: 60_000 } };
  agent.deployments.set(id, deployment);
  agent.onJob = (next) => agent.carryOut(next);
  await agent.connect(`${server.url.replace("http", "ws")}/agent`);
  await expect(page.getByRole("alert").filter({ hasText: "Returned to revision 1, because the host could not reach the server within 60 s" })).toBeVisible();
  await expect(page.getByText(/returns to revision 1 by itself/)).toHaveCount(0);
  await page.screenshot({ path: test.info().outputPath("returned.png") });
});
