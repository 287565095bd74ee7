import type { Page } from "@playwright/test";
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
