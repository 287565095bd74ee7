import { expect, test } from "@playwright/test";
import type { Browser, Page } from "@playwright/test";
import { ADMIN, firstStart } from "./first-start";
import { startServer } from "./server-process";
import type { ServerProcess } from "./server-process";

/** From the first start's link to a class whose student sees his own topologies only, each person in a browser of his own. */
test.describe.configure({ mode: "serial", timeout: 180_000 });

const PASSWORD = "a few quiet words";
/** Half a second of work on a machine that may be busy. */
const A_HASH = { timeout: 45_000 };
let server: ServerProcess;
let admin: Page;
let student: Page;
let classmate: Page;

const personIn = async (browser: Browser) => (await browser.newContext({ baseURL: server.url })).newPage();

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  server = await startServer();
  [admin, student, classmate] = [await personIn(browser), await personIn(browser), await personIn(browser)];
});
test.afterAll(async () => {
  for (const page of [admin, student, classmate]) await page?.context().close();
  await server?.stop();
});

async function openAccountMenu(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.goto("/signin");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function join(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL(`${server.url}/`);
}

async function draw(page: Page, name: string): Promise<string> {
  const id = await page.evaluate(async (input) => {
    const response = await fetch("/api/trpc/topology.create", { method: "POST", headers: { "content-type": "application/json", "x-vpclab": "1" }, body: JSON.stringify(input) });
    return ((await response.json()) as { result: { data: { id: string } } }).result.data.id;
  }, { name, template: "two-vpc" });
  await page.goto("/");
  await expect(page.getByRole("listitem", { name, exact: true })).toBeVisible();
  return id;
}

test("the first start's link asks for a password, says what is wrong with it, and works once", async () => {
  await admin.goto("/");
  await admin.waitForURL(/\/signin$/);
  await admin.goto(server.signIn);
  await admin.getByLabel("Password").fill("short");
  await admin.getByRole("button", { name: "Begin" }).click();
  await expect(admin.getByRole("alert").filter({ hasText: "at least 12 characters" })).toBeVisible();
  await firstStart(admin);
  await expect(admin.getByRole("button", { name: "Start with the two-VPC lab" })).toBeVisible();
  expect((await admin.goto(server.signIn))?.status()).toBe(404);
});

test("signing out ends the session; name and password begin another", async () => {
  await admin.goto("/");
  await openAccountMenu(admin, "Sign out");
  await admin.waitForURL(/\/signin$/);
  await admin.goto("/people");
  await admin.waitForURL(/\/signin$/);
  await signIn(admin, ADMIN.name, "not the password");
  await expect(admin.getByRole("alert").filter({ hasText: "Name or password is wrong." })).toBeVisible(A_HASH);
  await signIn(admin, ADMIN.name, ADMIN.password);
  await admin.waitForURL(`${server.url}/`);
});

test("an invited student and one with the class's code see their own topologies only, their teacher sees both", async () => {
  await openAccountMenu(admin, "People");
  await admin.getByRole("button", { name: "New class" }).click();
  await admin.getByRole("dialog").getByLabel("Name").fill("Networks");
  await admin.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await expect(admin.getByRole("listitem", { name: "Networks", exact: true })).toBeVisible();

  await admin.getByRole("button", { name: "Make a link" }).click();
  const link = await admin.getByRole("status", { name: "Invitation: Student" }).innerText();
  await admin.getByRole("button", { name: "Close" }).click();
  await student.goto(link);
  await expect(student.getByRole("heading", { name: "You are invited" })).toBeVisible();
  await join(student, "ann");

  await admin.getByRole("button", { name: "Join code" }).click();
  const code = await admin.getByRole("status", { name: "Code for Networks" }).innerText();
  await admin.getByRole("button", { name: "Close" }).click();
  await classmate.goto("/join");
  await classmate.getByLabel("Code").fill(code.toLowerCase());
  await join(classmate, "bob");

  await draw(student, "anns-lab");
  const bobs = await draw(classmate, "bobs-lab");
  await expect(student.getByRole("list", { name: "Topologies" }).getByRole("listitem")).toHaveCount(1);
  await student.goto(`/t/${bobs}`);
  await expect(student.getByRole("alert").filter({ hasText: "There is no such topology" })).toBeVisible();
  await student.getByRole("link", { name: "All topologies" }).click();

  await admin.goto("/");
  await expect(admin.getByRole("listitem", { name: "anns-lab", exact: true })).toContainText("of ann");
  await expect(admin.getByRole("listitem", { name: "bobs-lab", exact: true })).toContainText("of bob");
  await admin.goto("/people");
  await expect(admin.getByRole("list", { name: "Members of Networks" }).getByRole("listitem")).toHaveCount(2);
  await student.getByRole("button", { name: "Account" }).click();
  await expect(student.getByRole("menuitem", { name: "People" })).toHaveCount(0);
  await student.keyboard.press("Escape");
});

test("a student whose account is disabled is at the sign-in page at once, also in an open editor", async () => {
  await student.goto("/");
  await student.getByRole("link", { name: "Open anns-lab" }).click();
  await student.locator('[data-object="internet"]').waitFor();
  await admin.getByRole("button", { name: "Actions for ann" }).click();
  await admin.getByRole("menuitem", { name: "Disable" }).click();
  await student.waitForURL(/\/signin$/, A_HASH);
  await signIn(student, "ann", PASSWORD);
  await expect(student.getByRole("alert").filter({ hasText: "Name or password is wrong." })).toBeVisible(A_HASH);
});
