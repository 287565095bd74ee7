import { test as base } from "@playwright/test";
import type { BrowserContext } from "@playwright/test";
import { EditorPage } from "./editor-page";
import { firstStart } from "./first-start";
import { startServer } from "./server-process";
import type { ServerProcess } from "./server-process";

type Cookies = Awaited<ReturnType<BrowserContext["storageState"]>>;

interface PerWorker {
  readonly server: ServerProcess;
  readonly account: Cookies;
}
interface PerTest {
  readonly editor: EditorPage;
  /** Console errors that the test provokes on purpose: the browser reports every refused request. */
  readonly expectedComplaints: readonly RegExp[];
  /** Everything else the page complained about; a test that leaves something in here fails. */
  readonly complaints: string[];
  /** What the content security policy has stopped, in any page of the context: `directive what`. A test that leaves something in here fails. */
  readonly violations: string[];
}

/** Tests with a real server and a signed-in browser. A page that logs an error, throws or breaks the content security policy fails its test. */
export const test = base.extend<PerTest, PerWorker>({
  server: [async ({}, provide) => {
    const server = await startServer();
    await provide(server);
    await server.stop();
  }, { scope: "worker", timeout: 120_000 }],
  account: [async ({ server, browser }, provide) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(server.signIn);
    await firstStart(page);
    await provide(await context.storageState());
    await context.close();
  }, { scope: "worker", timeout: 120_000 }],
  baseURL: async ({ server }, provide) => provide(server.url),
  storageState: async ({ account }, provide) => provide(account),
  expectedComplaints: [[], { option: true }],
  complaints: [async ({ page, expectedComplaints }, provide) => {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      const expected = expectedComplaints.some((pattern) => pattern.test(message.text()));
      if (message.type() === "error" && !expected) complaints.push(message.text());
    });
    await provide(complaints);
    base.expect(complaints).toEqual([]);
  }, { auto: true }],
  violations: [async ({ context }, provide) => {
    const violations: string[] = [];
    await context.exposeFunction("policyViolation", (line: string) => void violations.push(line));
    await context.addInitScript(() => {
      const report = (globalThis as unknown as { policyViolation(line: string): void }).policyViolation;
      addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => report(`${effectiveDirective} ${blockedURI}`));
    });
    await provide(violations);
    base.expect(violations).toEqual([]);
  }, { auto: true }],
  editor: async ({ page }, provide) => provide(new EditorPage(page)),
});

export { expect } from "@playwright/test";
