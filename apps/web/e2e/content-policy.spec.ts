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
