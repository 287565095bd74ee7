import { fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { MIGRATIONS } from "../testing/test-database";
import { until } from "../testing/until";
import { openDatabase } from "./database";
import type { Database } from "./database";
import { EMBEDDED_POSTGRES_MAJOR } from "./data-version";
import { privateSocketPath, SOCKET_PATH_BYTES_MAX } from "./socket-path";

afterAll(({}, file) => console.info(badInputCount("N", file)));

describe("the embedded database", () => {
  let directory: string;
  const opened: Database[] = [];
  const open = async (dataDirectory = directory, onFatal = (error: Error) => console.error(error)) => {
    const database = await openDatabase({ url: null, dataDirectory, migrationsDirectory: MIGRATIONS, log: pino({ level: "silent" }), onFatal });
    opened.push(database);
    return database;
  };
  const copyTo = (target: string) => cpSync(join(inject("embeddedTemplate"), "database"), join(target, "database"), { recursive: true });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "vpclab-embedded-"));
    copyTo(directory);
  });
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const alive = (pid: number | undefined) => {
    try {
      return pid !== undefined && process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it("writes the version that the check expects", () => {
    expect(readFileSync(join(directory, "database", "PG_VERSION"), "utf8").trim()).toBe(String(EMBEDDED_POSTGRES_MAJOR));
  });

  it("says what to do about files of another PostgreSQL", async () => {
    writeFileSync(join(directory, "database", "PG_VERSION"), "17\n");
    await expect(open()).rejects.toThrow(/written by PostgreSQL 17, this vpclab brings 18.*Export your topologies/);
  });

  it("can be opened by one server only, and by the next when that one is gone", async () => {
    const first = await open();
    await expect(open()).rejects.toThrow("Another vpclab server uses the database");
    await first.close();
    await open();
  });

  it("is in a folder and behind a socket that nobody else can enter", async () => {
    await open();
    expect(statSync(join(directory, "run")).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, "run", ".s.PGSQL.5432")).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, "database")).mode & 0o777).toBe(0o700);
  });

  it("comes back with everything that was committed when its process is killed", async () => {
    const database = await open();
    const before = database.embeddedPid();
    for (let i = 0; i < 20; i++) await database.tables.user.create({ data: { name: `user${i}`, role: "student" } });
    process.kill(before ?? 0, "SIGKILL");
    await until(async () => (await database.tables.user.count().catch(() => 0)) === 20);
    expect(database.embeddedPid()).not.toBe(before);
  });

  it("gives up and says so when it cannot be kept running", async () => {
    let fatal: Error | null = null;
    const database = await open(directory, (error) => (fatal = error));
    writeFileSync(join(directory, "database", "PG_VERSION"), "17\n");
    process.kill(database.embeddedPid() ?? 0, "SIGKILL");
    await until(() => fatal !== null);
    expect(fatal).toMatchObject({ message: expect.stringContaining("PostgreSQL 17") });
  });

  it("ends with the server that it belongs to, also when that is killed", async () => {
    const owner = fork(join(import.meta.dirname, "../testing/database-owner.ts"), [directory, MIGRATIONS], { execArgv: ["--import", "tsx"], cwd: join(import.meta.dirname, "../../..") });
    const [{ pid }] = (await once(owner, "message")) as [{ pid: number }];
    expect(alive(pid)).toBe(true);
    owner.kill("SIGKILL");
    await until(() => !alive(pid));
    await open();
  });

  it("works in a folder whose path is too long for a socket", async () => {
    const deep = join(directory, "d".repeat(SOCKET_PATH_BYTES_MAX));
    mkdirSync(deep);
    copyTo(deep);
    const database = await open(deep);
    expect(await database.tables.user.count()).toBe(0);
  });

  it("lets transactions wait for each other on its one connection", async () => {
    const database = await open();
    const counts = await Promise.all(Array.from({ length: 30 }, (_, i) => database.transaction(async (tables) => {
      await tables.user.create({ data: { name: `user${i}`, role: "student" } });
      return tables.user.count();
    })));
    expect(new Set(counts).size).toBe(30);
  });
});

describe("a private socket's path", () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "vpclab-path-"));
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it("is beside the data while it is short enough, else in a private temporary folder of the same name every time", () => {
    expect(privateSocketPath(join(base, "run"), "x.sock")).toBe(join(base, "run", "x.sock"));
    const deep = join(base, "d".repeat(120));
    const path = privateSocketPath(deep, "x.sock", base);
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(SOCKET_PATH_BYTES_MAX);
    expect(privateSocketPath(deep, "x.sock", base)).toBe(path);
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
    expect(existsSync(deep)).toBe(false);
  });

  it("is refused when something else stands in its place, or nothing is short enough", () => {
    const deep = join(base, "d".repeat(120));
    const folder = join(privateSocketPath(deep, "x.sock", base), "..");
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "");
    expect(() => privateSocketPath(deep, "x.sock", base)).toThrow();
    expect(() => privateSocketPath(deep, "x.sock", deep)).toThrow("Set TMPDIR");
  });
});
