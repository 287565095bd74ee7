import type { Topology } from "@vpclab/shared/topology/topology";
import type { AgentMessage } from "@vpclab/shared/wire/messages";
import type { Counter, LogLine, ObjectStatus } from "@vpclab/shared/wire/live";
import type { Page } from "@playwright/test";
import { FakeAgent } from "../src/server/testing/fake-agent";
import { test } from "./fake-host";
import { expect } from "./fixtures";

async function documentOf(page: Page, id: string): Promise<Topology> {
  const response = await page.request.get(`/api/trpc/topology.get?input=${encodeURIComponent(JSON.stringify({ id }))}`);
  return ((await response.json()) as { result: { data: { document: Topology } } }).result.data.document;
}

type PlanDone = Extract<AgentMessage, { type: "plan-done" }>["plan"];

/** From now on the host's plans are this one. */
function planWith(agent: FakeAgent, plan: Pick<PlanDone, "changes" | "adoptions">): void {
  const carryOut = FakeAgent.prototype.carryOut;
  agent.carryOut = (job) => (job.kind === "plan" ? agent.send({ type: "plan-done", jobId: job.jobId, plan: { steps: 1, basis: "observed", ...plan } }) : carryOut.call(agent, job));
}
const withoutPlan = (agent: FakeAgent): void => void Reflect.deleteProperty(agent, "carryOut");

test("rates with the last minute behind them, a sign where it is busy, and the hits of each rule", async ({ agent, editor, page }) => {
  const id = await editor.create("two-vpc");
  await editor.apply();
  await editor.expectState("instance", "vpc1/public/main", "in-place");
  const document = await documentOf(page, id);
  const vpc = document.vpcs.find(({ name }) => name === "vpc1")!;
  const subnet = document.subnets.find(({ name, vpcId }) => name === "public" && vpcId === vpc.id)!;
  const instance = document.instances.find(({ subnetId }) => subnetId === subnet.id)!;
  let bytes = 0;
  const count = (perSecond: number): Counter => ({
    rxBytes: (bytes += perSecond), txBytes: 0, rxPackets: 1, txPackets: 0, rxBytesPerSecond: perSecond, txBytesPerSecond: 0, rxPacketsPerSecond: 1, txPacketsPerSecond: 0,
  });
  const tell = (perSecond: number) => agent.send({ type: "counters", at: Date.now(), topologies: { [id]: { [instance.id]: count(perSecond) } } });
  const card = editor.object("instance", "vpc1/public/main");
  tell(20_000_000);
  await expect(card.getByLabel("busy")).toHaveCount(1);
  await editor.selectObject(card);
  const line = editor.inspector.locator(`[data-sparkline="${instance.id}"] path`);
  await expect(line).toHaveAttribute("d", /L59 0L59 100Z$/);
  tell(1_000);
  await expect(card.getByLabel("busy")).toHaveCount(0);
  await expect(card).toContainText("1.00 kB/s");

  const group = document.securityGroups.find(({ id: groupId }) => groupId === instance.securityGroupIds[0])!;
  const [used, ...unused] = group.rules.filter(({ direction }) => direction === "ingress");
  agent.ruleHits = Object.fromEntries([[used!.id, { packets: 1234, bytes: 99_000 }], ...[...unused, ...group.rules.filter(({ direction }) => direction === "egress")].map((rule) => [rule.id, { packets: 0, bytes: 0 }])]);
  await editor.openOwned("security-group", `vpc1/${group.name}`);
  await expect(editor.inspector.getByRole("list", { name: "Ingress rules" }).getByLabel("1234 packets")).toHaveText("1.2k");
  await expect(editor.inspector.getByRole("list", { name: "Egress rules" }).getByText("never used").first()).toBeVisible();
  for (let second = 0; second < 3; second++) {
    tell(2_000 * (second + 1));
    await expect(card).toContainText(`${2 * (second + 1)}.00 kB/s`);
  }
  await expect(card.locator("[data-sparkline] path")).toHaveAttribute("d", /^M/);
  await page.screenshot({ path: test.info().outputPath("hits.png") });
  agent.ruleHits = { ...agent.ruleHits, [used!.id]: { packets: 1300, bytes: 100_000 } };
  await expect(editor.inspector.getByLabel("1300 packets")).toHaveText("1.3k");
});

test("the plan names the flows that will be cut, with the rule that goes", async ({ agent, editor, page }) => {
  const id = await editor.create("two-vpc");
  await editor.apply();
  await editor.expectState("instance", "vpc1/public/main", "in-place");
  const document = await documentOf(page, id);
  const group = document.securityGroups.find(({ name, vpcId }) => name === "default" && document.vpcs.some((vpc) => vpc.id === vpcId && vpc.name === "vpc1"));
  planWith(agent, { changes: [{ objectId: group!.id, kind: "change", name: `vpc1/${group!.name}`, sentence: "Changes its rules.", commands: [] }] });
  await editor.openOwned("security-group", `vpc1/${group!.name}`);
  const rules = group!.rules.filter(({ direction }) => direction === "egress");
  for (const _ of rules) await editor.row("Egress rule 1").getByRole("button", { name: "Remove egress rule 1" }).click();
  await editor.expectSaved();
  await page.getByRole("tab", { name: /^Plan/ }).click();
  const cut = page.getByRole("region", { name: "Flows" }).getByRole("list", { name: "Will be cut" });
  await expect(cut.getByRole("listitem").first()).toContainText("vpc1/");
  await expect(cut.getByRole("listitem").first()).toContainText("Until now: egress rule 1 allows");
  await page.screenshot({ path: test.info().outputPath("plan.png") });
  withoutPlan(agent);
});

test("drift turns amber, says what differs, and is adopted into the drawing", async ({ agent, editor, page }) => {
  const id = await editor.create("two-vpc");
  await editor.apply();
  await editor.expectState("instance", "vpc1/public/main", "in-place");
  const document = await documentOf(page, id);
  const table = document.routeTables.find(({ routes, vpcId }) => routes.length > 0 && vpcId === document.vpcs.find(({ name }) => name === "vpc1")!.id)!;
  const [route] = table.routes;
  planWith(agent, { changes: [], adoptions: [{ kind: "route-removed", objectId: table.id, shownOn: [table.id], destination: route!.destination }] });
  const drifted: ObjectStatus = { state: "drifted", reason: "route to default is missing or different" };
  const deployment = agent.deployments.get(id)!;
  agent.send({ type: "deployment", topologyId: id, deployment: { ...deployment, state: "drifted", objects: { ...deployment.objects, [table.id]: drifted } } });
  await editor.openOwned("route-table", `vpc1/${table.name}`);
  await expect(editor.inspector.getByRole("status", { name: "State" })).toContainText("missing or different");
  const offer = editor.inspector.getByRole("group", { name: "About the difference" });
  await expect(offer.getByRole("button", { name: "Repair" })).toBeEnabled();
  await expect(offer).toContainText(`Takes the route ${route!.destination}`);
  await page.screenshot({ path: test.info().outputPath("drift.png") });
  await offer.getByRole("button", { name: "Adopt" }).click();
  await expect(editor.row("Route 1")).toHaveCount(0);
  await editor.expectSaved();
  expect((await documentOf(page, id)).routeTables.find((found) => found.id === table.id)?.routes).toEqual([]);
  withoutPlan(agent);
});

test("events are filtered by level, kind and words, and lead to their object by mouse and by key", async ({ agent, editor, page }) => {
  const id = await editor.create("two-vpc");
  await editor.apply();
  await editor.expectState("instance", "vpc1/public/main", "in-place");
  const document = await documentOf(page, id);
  const [instance] = document.instances;
  const tell = (text: string, more: Partial<LogLine> = {}) => agent.send({ type: "log", topologyId: id, line: { at: Date.now(), level: "info", text, ...more } });
  tell("lab revision 1: 60 steps in 0.42 s, in place");
  tell("lab is drifted: link eth0 is down", { level: "warn", objectId: instance!.id });
  tell("something else happened");
  await page.getByRole("tab", { name: /^Events/ }).click();
  const rows = page.getByRole("list", { name: "Events" }).locator("[data-row]");
  await expect(rows.filter({ hasText: "eth0" })).toHaveCount(1);
  await expect(page.getByRole("heading", { name: /revision 1: 60 steps/ })).toBeVisible();
  await page.getByRole("radio", { name: "Warnings" }).click();
  await expect(rows).toHaveCount(1);
  await page.getByRole("radio", { name: "All", exact: true }).click();
  await page.getByLabel("Words in the event").fill("something");
  await expect(rows).toHaveCount(1);
  await page.getByLabel("Words in the event").press("Escape");
  await page.getByLabel("Kind of object").selectOption("instance");
  await expect(rows).toHaveCount(1);
  await page.getByLabel("Kind of object").selectOption("all");
  await rows.first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(rows.filter({ hasText: "eth0" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(editor.inspector.getByRole("heading", { name: instance!.name, exact: true })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("events.png") });
});
