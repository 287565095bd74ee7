import { request as send } from "node:http";
import { expect, test } from "./fixtures";

/** That no page of ours breaks the policy is seen by the fixture, over all tests. Here it has something to stop. */
test.use({ expectedComplaints: [/Content Security Policy|404/] });

test("markup that somebody gets into a page does not run", async ({ page, violations }) => {
  await page.route("**/", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace("</head>", `<script>ran = "inline"</script><script src="https://evil.example/x.js"></script><base href="https://evil.example/"></head>`)
      .replace("<body>", `<body><img src="x" onerror="ran = 'handler'"><iframe src="https://evil.example/"></iframe><object data="/icon.svg"></object>`);
    await route.fulfill({ response, body });
  });
  await page.goto("/");
  await expect(page.locator("main h1")).toBeVisible();
  await expect.poll(() => new Set(violations.map((line) => line.split(" ")[0]))).toEqual(new Set(["script-src-elem", "script-src-attr", "base-uri", "frame-src", "object-src"]));
  expect(await page.evaluate(() => (globalThis as { ran?: string }).ran)).toBeUndefined();
  // Each address that the page resolves reports the base anew.
  await page.goto("about:blank");
  violations.splice(0);
});

test("what a script of ours writes into the page does not run as a handler or an address", async ({ page, violations }) => {
  await page.goto("/");
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", `<img src="x" onerror="ran = 'handler'"><a id="trap" href="javascript:void (ran = 'address')">x</a>`);
    document.getElementById("trap")?.click();
  });
  await expect.poll(() => new Set(violations)).toEqual(new Set(["script-src-attr inline", "script-src-elem inline"]));
  violations.splice(0);
  expect(await page.evaluate(() => (globalThis as { ran?: string }).ran)).toBeUndefined();
});

test("each page has a nonce of its own, on every script", async ({ request }) => {
  const nonces = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const response = await request.get("/", { headers: { "content-security-policy": "script-src 'nonce-chosen'" } });
    const nonce = /'nonce-([^']+)'/.exec(response.headers()["content-security-policy"] ?? "")?.[1] ?? "";
    const scripts = (await response.text()).match(/<script[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    for (const tag of scripts) expect(tag).toContain(`nonce="${nonce}"`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(3);
  expect(nonces).not.toContain("chosen");
});

test("the address that a request claims for this server stands nowhere in what it answers", async ({ account, server }) => {
  const cookie = account.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const claims = { host: "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9", forwarded: "host=evil.example", cookie };
  const answerTo = (path: string) => new Promise<string>((resolve, reject) => {
    send({ host: "localhost", port: new URL(server.url).port, path, headers: claims }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.once("end", () => resolve(`${response.statusCode} ${JSON.stringify(response.headers)} ${body}`));
    }).once("error", reject).end();
  });
  for (const [path, status] of [["/", "200"], ["/t/6f9619ff-8b86-4011-b42d-00c04fc964ff/", "308"], ["/nothing", "404"], ["/signin", "303"], ["/icon.svg", "200"], ["/_next/image?url=http%3A%2F%2Fevil&w=16&q=75", "400"]]) {
    const answer = await answerTo(path ?? "");
    expect([path, answer.slice(0, 3)]).toEqual([path, status]);
    expect(answer.includes("evil")).toBe(false);
  }
});

test("files beside the pages, and maps of their sources, are not to be had", async ({ request, page }) => {
  await page.goto("/");
  const script = await page.locator("script[src]").first().getAttribute("src");
  expect((await request.get(script ?? "")).status()).toBe(200);
  const paths = [`${script}.map`, "/.env", "/.git/config", "/package.json", "/robots.txt", "/server.mjs", "/dist/server.mjs", "/.next/BUILD_ID", "/_next/static/chunks/", "/_next/data/x.json", "/prisma/schema.prisma", "/api/health"];
  for (const path of paths) expect([path, (await request.get(path)).status()]).toEqual([path, 404]);
});
