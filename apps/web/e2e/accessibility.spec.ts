import type { Page } from "@playwright/test";
import axe from "axe-core";
import { expect, test } from "./fixtures";

/** What axe calls serious or critical: each rule with the elements that break it. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<axe.AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${(failureSummary ?? "").split("\n").at(1)?.trim() ?? ""}`));
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`axe finds nothing serious, ${colorScheme}`, () => {
    test.use({ colorScheme });

    for (const path of ["/", "/hosts", "/audit", "/people", "/account"]) {
      test(`on ${path}`, async ({ page }) => {
        await page.goto(path);
        await page.getByRole("banner").waitFor();
        expect(await faultsOf(page)).toEqual([]);
      });
    }

    test("on the page for signing in", async ({ browser, server }) => {
      const context = await browser.newContext({ colorScheme, storageState: { cookies: [], origins: [] } });
      const page = await context.newPage();
      await page.goto(`${server.url}/signin`);
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await context.close();
    });

    test("in the editor: canvas, inspectors, every tab of the dock, plan, history, Find", async ({ editor, page }) => {
      // Many looks at everything that the page has.
      test.setTimeout(120_000);
      await editor.create("two-vpc-peered");
      expect.soft(await faultsOf(page)).toEqual([]);
      for (const name of ["vpc1", "vpc2"]) {
        await editor.selectObject(editor.object("vpc", name));
        await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
        expect.soft(await faultsOf(page)).toEqual([]);
      }
      await editor.openOwned("security-group", "vpc1/default");
      expect.soft(await faultsOf(page)).toEqual([]);
      const dock = page.getByRole("region", { name: "Dock" });
      for (const tab of ["Activity", "Reachability test", "Matrix", "Resource map", "Hints", "YAML", "Events"]) {
        await dock.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
        expect.soft(await faultsOf(page)).toEqual([]);
      }
      for (const tab of ["Plan", "History"]) {
        await page.getByRole("complementary", { name: "Details" }).getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
        expect.soft(await faultsOf(page)).toEqual([]);
      }
      await page.getByLabel("Show what differs from").selectOption("now");
      // The canvas of the past is another one.
      await page.getByRole("status", { name: "Earlier revision" }).waitFor();
      await page.getByRole("group", { name: "VPC vpc1" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("region", { name: "Inspector of VPC vpc1 at revision 1" }).waitFor();
      expect.soft(await faultsOf(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: /^Topology / }).click();
      await page.getByRole("menuitem", { name: "Export PNG picture" }).click();
      await page.getByRole("dialog").waitFor();
      expect.soft(await faultsOf(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: /Find/ }).waitFor();
      expect.soft(await faultsOf(page)).toEqual([]);
    });
  });
}
