import type { Page } from "@playwright/test";
import type { Deployment } from "@vpclab/shared/wire/live";
import { enrol, FakeAgent } from "../src/server/testing/fake-agent";
import { decodePublicKey, fingerprintOf } from "@vpclab/shared/wire/public-key";
import { expect, test } from "./fixtures";

const hostCard = (page: Page, name: string) => page.getByRole("list", { name: "Hosts" }).getByRole("listitem", { name, exact: true });

test("a host is added by one command, approved by its fingerprint, chosen for a topology, found out when copied, and revoked", async ({ page, server, editor }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Hosts" }).click();
  await expect(page.getByText("None has joined yet")).toBeVisible();
  await page.getByRole("button", { name: "Add host" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name of the host").fill("lab2");
  await dialog.getByRole("button", { name: "Make a token" }).click();
  const command = await dialog.getByLabel("Linux commands").textContent();
  const token = /^vpcj1\.\S+$/m.exec(command ?? "")?.[0] ?? "";
  expect(command).toMatch(/ enrol \\\n {2}--url http:\/\/localhost:\d+ --name lab2 --mode sandbox <<'TOKEN' &&\nvpcj1\.\S+\nTOKEN\n.* run --mode sandbox$/);
  await expect(dialog).toContainText("Other machines do not reach this server");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(token)).toHaveCount(0);

  const agent = new FakeAgent(await enrol(server.url, token, "lab2"));
  const url = `${server.url.replace("http", "ws")}/agent`;
  const raw = decodePublicKey(agent.identity.key.publicKey);
  await expect(hostCard(page, "lab2")).toContainText("waits for approval");
  await expect(hostCard(page, "lab2")).toContainText(raw.ok ? fingerprintOf(raw.value) : "no key");
  await expect(agent.connect(url)).rejects.toThrow("1008");
  await hostCard(page, "lab2").getByRole("button", { name: "Approve" }).click();
  await expect(hostCard(page, "lab2")).toContainText("offline");
  await agent.connect(url);
  await expect(hostCard(page, "lab2")).toContainText("online");

  await editor.create("two-vpc");
  await expect(page.getByRole("button", { name: "Host lab2 online" })).toBeVisible();
  await page.goto("/hosts");

  const copy = new FakeAgent({ ...agent.identity });
  agent.cut();
  await copy.connect(url);
  await expect(agent.connect(url)).rejects.toThrow("1008");
  await expect(hostCard(page, "lab2")).toContainText("locked");
  await expect(hostCard(page, "lab2").getByRole("alert")).toContainText("A copy of its state directory runs somewhere");
  await hostCard(page, "lab2").getByRole("button", { name: "Unlock" }).click();
  await expect(hostCard(page, "lab2")).toContainText("offline");
  await agent.connect(url);
  await expect(hostCard(page, "lab2")).toContainText("online");

  await expect(page.getByText(/key set 1$/)).toBeVisible();
  await page.getByRole("button", { name: "Replace key" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Replace" }).click();
  await expect(page.getByText(/key set 2$/)).toBeVisible();
  await expect.poll(() => agent.closeCode).toBe(1012);
  await agent.connect(url);
  await expect(hostCard(page, "lab2")).toContainText("online");

  await hostCard(page, "lab2").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("out of this server’s reach");
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(hostCard(page, "lab2")).toContainText("revoked");
  await expect.poll(() => agent.closeCode).toBe(1008);
});

test("a host says how busy it is and what it has, and the page says what becomes of work while it is away", async ({ page, server, editor }) => {
  await page.goto("/hosts");
  await page.getByRole("button", { name: "Add host" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name of the host").fill("far");
  await dialog.getByRole("button", { name: "Make a token" }).click();
  const token = /^vpcj1\.\S+$/m.exec((await dialog.getByLabel("Linux commands").textContent()) ?? "")?.[0] ?? "";
  await dialog.getByRole("button", { name: "Done" }).click();
  const keySet = Number(/\d+$/.exec((await page.getByText(/key set \d+$/).textContent()) ?? "")?.[0]);
  const agent = new FakeAgent({ ...(await enrol(server.url, token, "far")), keySet });
  agent.helloChanges = { mode: "host" };
  const card = hostCard(page, "far");
  await card.getByRole("button", { name: "Approve" }).click();
  await expect(card).toContainText("offline");
  await agent.connect(`${server.url.replace("http", "ws")}/agent`);
  agent.send({ type: "load", load: { averages: [2.5, 1, 0.5], cores: 2, memoryBytes: 8e9, memoryAvailableBytes: 6e9 } });
  agent.send({ type: "checks", at: Date.now(), checks: [{ name: "dnsmasq", ok: false, found: "not found", advice: "Install it: apt-get install dnsmasq" }] });
  await expect(card).toContainText("2.50 · 1.00 · 0.50 on 2 cores");
  await expect(card).toContainText("2.00 GB of 8.00 GB");
  await expect(card).toContainText("1 of 1 missing");
  await expect(card).toContainText("apt-get install dnsmasq");
  await card.getByRole("button", { name: "Check again" }).click();
  await expect(card).toContainText("all 1 present");

  await editor.create("two-vpc");
  const apply = page.getByRole("banner").getByRole("button", { name: "Apply", exact: true });
  await apply.click();
  await expect.poll(() => agent.deployments.size).toBe(1);
  const [[id, applied]] = [...agent.deployments] as [[string, Deployment]];
  const returned: Deployment = { ...applied, state: "empty", revision: 0, objects: {}, returned: { from: 1, afterMs: 60_000 } };
  agent.deployments.set(id, returned);
  agent.send({ type: "deployment", topologyId: id, deployment: returned });
  const notice = page.getByRole("alert").filter({ hasText: "could not reach the server within 60 s after revision 1 was applied" });
  await expect(notice).toBeVisible();
  await apply.click();
  await expect(notice).toHaveCount(0);
  await expect.poll(() => agent.deployments.get(id)?.generation).toBe(2);

  agent.cut();
  await expect(page.getByRole("button", { name: /^Host far offline since .*, revision 1 applied, what you apply now is carried out when it is back$/ })).toBeVisible();
  await apply.click();
  await expect(page.getByRole("button", { name: /^Host far offline since .*, revision 1 applied, your changes are applied when it is back$/ })).toBeVisible();
  await page.goto("/hosts");
  await expect(card).toContainText("revision 1; what was asked for last waits for the host");
  await expect(card).toContainText("away");
  await card.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(card).toContainText("revoked");
});
