import type { Page } from "@playwright/test";

export const ADMIN = { name: "admin", password: "correct horse battery" } as const;

/** On the page of the first start's link: chooses a password, and is signed in. */
export async function firstStart(page: Page): Promise<void> {
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Begin" }).click();
  await page.waitForURL((url) => url.pathname === "/");
}
