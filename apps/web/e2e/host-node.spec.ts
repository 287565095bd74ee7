import { test } from "./fake-host";
import { expect } from "./fixtures";

test("the host stands between the internet and the VPCs, says how it fares, and is looked at but never drawn", async ({ page, editor, agent }) => {
  const id = await editor.create("two-vpc-peered");
  const host = page.locator('[data-object="host"]');
  await expect(host).toContainText("online");
  await expect(host).toContainText("sandbox");
  await expect(host).toContainText("nothing applied");
  const [box, internet, vpc] = await Promise.all([host, page.locator('[data-object="internet"]'), editor.object("vpc", "vpc1")].map((part) => part.boundingBox()));
  expect(internet!.y + internet!.height).toBeLessThan(box!.y);
  expect(box!.y + box!.height).toBeLessThan(vpc!.y);

  await editor.apply();
  await expect(host).toContainText("revision 1 applied");
  await expect(host).toHaveAttribute("data-state", "in-place");

  // Found by its name, focused, with its inspector.
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("host");
  await page.getByRole("option", { name: /host$/ }).first().click();
  const inspector = page.getByRole("region", { name: /^Inspector of host/ });
  await expect(inspector).toContainText("revision 1 applied");
  await expect(inspector.getByRole("link", { name: "Open the Hosts page" })).toBeVisible();
  const node = page.locator(".react-flow__node-host");
  await expect(node).toBeFocused();

  // By no key does it go, move or become two.
  const place = (await node.getAttribute("style"))!;
  const objects = await page.locator("[data-object]").count();
  for (const key of ["Delete", "Control+d", "Control+x", "ArrowDown"]) await page.keyboard.press(key);
  await expect(page.locator("[data-object]")).toHaveCount(objects);
  await expect(node).toHaveAttribute("style", place);
  await expect(page.getByRole("button", { name: "Undo" })).toBeDisabled();

  await inspector.getByRole("tab", { name: "Linux" }).click();
  await expect(inspector.getByLabel("Linux commands").first()).toContainText("inet vpclab");
  await inspector.getByRole("button", { name: "Read", exact: true }).click();
  await expect(inspector).toContainText("ip -n lab.vpc1 addr");

  // Drift anywhere shows on it, with the way to it.
  const applied = agent.deployments.get(id)!;
  const drifted = Object.keys(applied.objects).find((key) => key.startsWith("vpc-"))!;
  agent.send({ type: "deployment", topologyId: id, deployment: { ...applied, state: "drifted", objects: { ...applied.objects, [drifted]: { state: "drifted", reason: "ip_forward is 0" } } } });
  await expect(host).toContainText("1 object is not as applied");
  await inspector.getByRole("tab", { name: "General" }).click();
  await inspector.getByRole("button", { name: /^vpc/ }).click();
  await expect(page.getByRole("region", { name: /^Inspector of VPC/ })).toBeVisible();

  agent.cut();
  await expect(host).toContainText("offline");
});
