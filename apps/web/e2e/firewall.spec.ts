import { expect, test } from "./fixtures";

test("a subnet's firewall: switched on, rules put in order, the one that decides found, switched off", async ({ editor, page }) => {
  await editor.create("two-vpc");
  await editor.selectObject(editor.subnetIn("vpc1", "private"));
  await editor.inspector.getByRole("switch", { name: "Firewall" }).click();
  await editor.addRow("ingress rule", { Action: "Deny", Protocol: "ICMP" });
  await editor.addRow("ingress rule", { Action: "Allow", Protocol: "ICMP", Source: "10.0.1.0/24" });
  await editor.addRow("egress rule", { Action: "Deny", Protocol: "UDP", Ports: "53" });
  const second = editor.row("Ingress rule 2");
  await expect(second.getByLabel("Action")).toHaveValue("allow");
  await second.getByRole("button", { name: "Move ingress rule 2 up" }).click();
  await expect(second.getByLabel("Action")).toHaveValue("deny");
  await expect(editor.row("Ingress rule 1").getByLabel("Source")).toHaveValue("10.0.1.0/24");
  await expect(second.getByRole("button", { name: "Move ingress rule 2 down" })).toBeDisabled();
  await editor.expectSaved();

  // What is wrong stands beside its cell, and the rule stays as it was.
  const source = await editor.setCell("Ingress rule 1", "Source", "10.0.0.5/24");
  await expect(source).toHaveAttribute("aria-invalid", "true");
  await expect(source).toHaveAccessibleDescription(/10\.0\.0\.0/);
  await source.press("Escape");
  await editor.setCell("Ingress rule 1", "Source", "10.0.9.0/24");
  await editor.inspector.getByLabel("What comes in and no rule names").selectOption({ label: "is allowed" });
  await editor.expectSaved();

  // The promise names the rule, and leads to its row.
  await editor.setCell("Ingress rule 1", "Source", "10.0.1.0/24");
  await page.keyboard.press("Escape");
  const ping = { source: "vpc1 / public / main", target: "vpc1 / private / main", kind: "Ping" } as const;
  await editor.askTest(ping);
  const why = page.getByRole("region", { name: "Why" });
  await expect(why).toHaveAttribute("data-reachable", "true");
  await editor.selectObject(editor.subnetIn("vpc1", "private"));
  await editor.row("Ingress rule 1").getByRole("button", { name: "Remove ingress rule 1" }).click();
  await page.keyboard.press("Escape");
  await editor.askTest(ping);
  await expect(why).toHaveAttribute("data-code", "FIREWALL_RULES_RESTRICTION");
  await why.getByRole("button", { name: /Decided by .*private, ingress 1/ }).click();
  await expect(editor.row("Ingress rule 1")).toHaveAttribute("data-pointed-at", "");

  await editor.inspector.getByRole("switch", { name: "Firewall" }).click();
  await expect(editor.row("Ingress rule 1")).toHaveCount(0);
  await expect(why).toHaveAttribute("data-reachable", "true");
});
