import { defineConfig } from "@playwright/test";

/**
 * `browser`: gestures on a real server with its database, without an agent. `system`: everything, with real packets; runs in
 * namespaces of its own. Both need `npm run build` first.
 */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // Two cores: one browser and one server at a time give the steadiest times.
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI === "true",
  // Something else may be at work beside them: a condition that comes late has come.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH || "/usr/bin/chromium",
      // Chromium's own sandbox does not start as root or inside a user namespace.
      args: ["--no-sandbox"],
    },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
  projects: [
    { name: "browser", testIgnore: "**/system/**" },
    { name: "system", testMatch: "**/system/**/*.spec.ts" },
  ],
});
