import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { SetupLinkFile } from "./setup-link-file";
import { SETUP_LINK_FILE } from "./start-server";
import { SIGN_IN_MS } from "./store/session-store";
import { call, invite, PASSWORD } from "./testing/people";
import { databaseKinds, standardDatabase } from "./testing/test-database";
import { startTestServer } from "./testing/test-server";
import type { TestServer } from "./testing/test-server";

const fileOf = ({ dataDirectory }: { dataDirectory: string }) => join(dataDirectory, SETUP_LINK_FILE);
const linkIn = (server: TestServer) => readFileSync(fileOf(server), "utf8").trim();
const tokenOf = (link: string) => new URL(link).searchParams.get("token") ?? "";
const page = async (server: TestServer, link: string) => (await fetch(`${server.origin}/setup?token=${tokenOf(link)}`)).status;
const setUp = async (server: TestServer, link: string) => (await call(server, "auth.setUp", "mutation", { token: tokenOf(link), name: "root", password: PASSWORD })).status;

describe.each(databaseKinds())("the file with the first start's link on %s", (kind) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(kind);
  });
  afterAll(() => server.close());

  it("has the printed link for the server's user alone, another one at every start, and is gone when the server has stopped", async () => {
    const links: string[] = [];
    for (let start = 0; start < 3; start++) {
      expect(statSync(fileOf(server)).mode & 0o7777).toBe(0o600);
      links.push(linkIn(server));
      expect(linkIn(server)).toBe(server.running.ready.signIn);
      expect(await page(server, linkIn(server))).toBe(200);
      await server.running.close();
      expect(existsSync(fileOf(server))).toBe(false);
      // What a killed server leaves behind, and what it must not write through.
      if (start === 0) writeFileSync(fileOf(server), "old", { mode: 0o644 });
      if (start === 1) symlinkSync(join(server.dataDirectory, "elsewhere"), fileOf(server));
      await server.restart();
    }
    expect(new Set(links).size).toBe(3);
    expect(existsSync(join(server.dataDirectory, "elsewhere"))).toBe(false);
  });

  it("goes when the link is used, and does not come again", async () => {
    const link = linkIn(server);
    expect(await setUp(server, link)).toBe(200);
    expect(existsSync(fileOf(server))).toBe(false);
    expect([await setUp(server, link), await page(server, link)]).toEqual([404, 404]);
    writeFileSync(fileOf(server), link);
    await server.restart();
    expect(existsSync(fileOf(server))).toBe(false);
    expect(server.running.ready.signIn).toContain("/signin?");
  });
});

describe("the first start's link", () => {
  it("works for half an hour", async () => {
    let nowMs = Date.now();
    const server = await startTestServer(standardDatabase(), { nowMs: () => nowMs });
    const link = linkIn(server);
    nowMs += 30 * 60_000 - 1;
    expect(await page(server, link)).toBe(200);
    nowMs += 1;
    expect([await page(server, link), await setUp(server, link)]).toEqual([404, 404]);
    await server.close();
  });

  it("is void, and its file gone, when somebody has a password by another way", async () => {
    const server = await startTestServer(standardDatabase());
    const link = linkIn(server);
    const guest = await invite(server, await server.client(), "guest", "student");
    expect(existsSync(fileOf(server))).toBe(false);
    expect([await page(server, link), await setUp(server, link)]).toEqual([404, 404]);
    await guest.close();
    await server.close();
  });
});

describe("the file of a link", () => {
  const folder = mkdtempSync(join(tmpdir(), "vpclab-setup-link-"));
  const path = join(folder, SETUP_LINK_FILE);
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  afterAll(() => rmSync(folder, { recursive: true }));

  it("goes with the link's half hour", () => {
    new SetupLinkFile(path).write("http://localhost/setup?token=x", SIGN_IN_MS);
    vi.advanceTimersByTime(30 * 60_000 - 1);
    expect(readFileSync(path, "utf8")).toBe("http://localhost/setup?token=x\n");
    vi.advanceTimersByTime(1);
    expect(existsSync(path)).toBe(false);
  });

  it("is not taken away by the clock of one that is gone", () => {
    const file = new SetupLinkFile(path);
    file.write("http://localhost/setup?token=x", 1_000);
    file.remove();
    writeFileSync(path, "somebody else's");
    vi.advanceTimersByTime(2_000);
    expect(existsSync(path)).toBe(true);
  });
});
