import { expect, test } from "./fixtures";

const refusals = [
  ["CIDR", "10.0.0.1/16", /10\.0\.0\.0\/16/],
  ["CIDR", "10.0.0.0/8", /\/16/],
  ["CIDR", "not an address", /./],
  ["CIDR", "192.168.0.0/16", /./],
  ["Name", "my vpc", /lower-case letters/],
  ["Name", "vpc1; reboot", /lower-case letters/],
  ["Name", "v".repeat(60), /at most 30/],
  ["Name", "vpc2", /already called/],
] as const;

test("a wrong value says what is wrong beside its field, and the drawing stays as it was", async ({ editor }) => {
  await editor.create("two-vpc");
  await editor.selectObject(editor.object("vpc", "vpc1"));
  for (const [label, value, reason] of refusals) {
    await editor.setField(label, value);
    const field = editor.field(label);
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(reason);
    await expect(field).toHaveValue(value);
    await field.press("Escape");
    await expect(field).toHaveAttribute("aria-invalid", "false");
  }
  await expect(editor.field("CIDR")).toHaveValue("10.0.0.0/16");
  await expect(editor.object("vpc", "vpc1")).toContainText("10.0.0.0/16");
  await expect(editor.page.getByRole("button", { name: "Undo", exact: true })).toBeDisabled();
});

test("subnets and instances say why too", async ({ editor }) => {
  await editor.create("two-vpc");
  await editor.selectObject(editor.subnetIn("vpc1", "private"));
  await editor.setField("CIDR", "10.9.0.0/24");
  await expect(editor.field("CIDR")).toHaveAccessibleDescription(/10\.0\.0\.0\/16|outside/);
  await editor.setField("CIDR", "10.0.1.128/25");
  await expect(editor.field("CIDR")).toHaveAccessibleDescription(/overlap/);
  await editor.selectObject(editor.object("instance", "vpc1/public/main"));
  for (const [address, reason] of [["10.0.1.1", /reserved|router/i], ["10.0.2.9", /./], ["10.0.1.255", /./], ["10.0.1", /./]] as const) {
    await editor.setField("Address", address);
    await expect(editor.field("Address")).toHaveAttribute("aria-invalid", "true");
    await expect(editor.field("Address")).toHaveAccessibleDescription(reason);
  }
  await editor.setField("Port", "70000");
  await expect(editor.field("Port")).toHaveAccessibleDescription(/65535/);
});

test("what is typed right is kept, drawn, and can be undone", async ({ editor, page }) => {
  const id = await editor.create("two-vpc");
  await editor.selectObject(editor.subnetIn("vpc1", "private"));
  await editor.setField("Name", "hidden");
  await expect(editor.subnetIn("vpc1", "hidden")).toBeVisible();
  await editor.inspector.getByRole("radio", { name: "Public" }).click();
  await expect(page.getByRole("group", { name: "Public subnet hidden in vpc1" })).toBeVisible();
  await editor.selectObject(editor.object("instance", "vpc1/hidden/main"));
  await editor.setField("Address", "10.0.2.77");
  await expect(editor.object("instance", "vpc1/hidden/main")).toContainText("10.0.2.77");
  await editor.inspector.getByRole("switch", { name: "Web server" }).click();
  await editor.setField("Port", "8090");
  await expect(editor.object("instance", "vpc1/hidden/main")).toContainText(":8090");
  await expect(editor.inspector).toContainText("vpc1-hidden");
  await editor.expectSaved();
  await editor.open(id);
  await expect(editor.object("instance", "vpc1/hidden/main")).toContainText(":8090");
});

test("an instance is moved by its inspector, without a drag", async ({ editor }) => {
  await editor.create("two-vpc");
  await editor.selectObject(editor.object("instance", "vpc1/public/main"));
  await editor.field("Subnet").selectOption({ label: "vpc2 / public" });
  await expect(editor.object("instance", "vpc2/public/i1")).toContainText("172.16.1.3");
});

test("the Linux behind an object is shown before anything is applied", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await editor.selectObject(editor.object("instance", "vpc1/public/main"));
  await editor.inspector.getByRole("tab", { name: "Linux" }).click();
  await expect(editor.inspector).toContainText("What makes it");
  await expect(editor.inspector).toContainText("ip netns add");
  // A public address is a pair of rules in the VPC's router.
  await expect(page.getByLabel("Linux commands").last()).toContainText("chain outwards");
});

test("the plan lists every object with its commands, also while no host is there", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await page.getByRole("banner").getByRole("button", { name: /^Plan/ }).click();
  const plan = page.getByRole("region", { name: "Plan" });
  await expect(plan.getByRole("region", { name: "vpc1", exact: true })).toContainText("vpc1/public");
  await plan.getByText("vpc1/private", { exact: true }).click();
  await expect(plan.getByLabel("Linux commands").filter({ visible: true })).toContainText("link add");
  await expect(page.getByRole("banner").getByRole("button", { name: "Apply", exact: true })).toBeDisabled();
});
