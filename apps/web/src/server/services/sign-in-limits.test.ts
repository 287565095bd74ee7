import pino from "pino";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AppError } from "@vpclab/shared/errors/app-error";
import { openDatabase } from "../store/database";
import type { Database } from "../store/database";
import { createUser } from "../store/user-store";
import { MIGRATIONS, standardDatabase, testStorage } from "../testing/test-database";
import type { TestStorage } from "../testing/test-database";
import { AccessChanges } from "./access-changes";
import { Accounts } from "./account-service";
import { Passwords } from "./passwords";
import { Sessions } from "./session-service";

afterAll(({}, file) => console.info(badInputCount("J", file)));

const PASSWORD = "correct horse battery";
const MINUTE_MS = 60_000;

/** Counts the hashes and how many run at once. */
class CountedPasswords extends Passwords {
  checks = 0;
  running = 0;
  runningMost = 0;
  override async check(password: string, stored: string | null): Promise<boolean> {
    this.checks += 1;
    this.running += 1;
    this.runningMost = Math.max(this.running, this.runningMost);
    const right = await super.check(password, stored);
    this.running -= 1;
    return right;
  }
}

describe("signing in", () => {
  let storage: TestStorage;
  let database: Database;
  let nowMs = Date.now();
  let passwords: CountedPasswords;
  let accounts: Accounts;

  beforeAll(async () => {
    storage = await testStorage(standardDatabase());
    database = await openDatabase({ url: storage.databaseUrl, dataDirectory: storage.dataDirectory, migrationsDirectory: MIGRATIONS, log: pino({ level: "silent" }), onFatal: (error) => console.error(error) });
    const passwordHash = await new Passwords({ logN: 7, r: 8, p: 1 }).hash(PASSWORD);
    for (let i = 0; i < 60; i++) await createUser(database.tables, { name: `student${i}`, role: "student", passwordHash });
  });
  afterAll(async () => {
    await database.close();
    storage.remove();
  });

  /** Fresh counts, and a clock that stands still until it is moved. */
  function begin(cost = { logN: 7, r: 8, p: 1 }): void {
    nowMs = Date.now();
    passwords = new CountedPasswords(cost);
    const changes = new AccessChanges();
    accounts = new Accounts(database, new Sessions(database, changes), passwords, changes, () => nowMs, () => new Date(nowMs));
  }
  const outcome = (name: string, password: string, ip: string): Promise<string> =>
    accounts.signIn({ name, password }, { ip, device: "" }).then(() => "in", (error: unknown) => (error instanceof AppError ? error.code : String(error)));

  it("lets 50 students behind one address in at once, four hashes at a time", async () => {
    begin();
    const at = performance.now();
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, i) => outcome(`student${i}`, PASSWORD, "192.0.2.1")));
    expect(outcomes).toEqual(Array(50).fill("in"));
    expect(performance.now() - at).toBeLessThan(10_000);
    expect([passwords.checks, passwords.runningMost]).toEqual([50, 4]);
  });

  it("lets them in also after a neighbour has failed often, and again and again", async () => {
    begin();
    for (let i = 0; i < 90; i++) await outcome(`nobody${i}`, "wrong", "192.0.2.1");
    for (let round = 0; round < 5; round++) {
      expect(await Promise.all(Array.from({ length: 50 }, (_, i) => outcome(`student${i}`, PASSWORD, "192.0.2.1")))).toEqual(Array(50).fill("in"));
    }
  });

  it.each(["student1", "nobody-has-this-name"])("checks at most ten of 10,000 guesses at %s in a quarter of an hour, from wherever they come", async (name) => {
    begin();
    const outcomes = new Map<string, number>();
    for (let i = 0; i < 10_000; i += 100) {
      const some = await Promise.all(Array.from({ length: 100 }, (_, j) => outcome(name, `guess ${i + j}`, `198.51.100.${j}`)));
      for (const one of some) outcomes.set(one, (outcomes.get(one) ?? 0) + 1);
      nowMs += (15 * MINUTE_MS) / 100;
    }
    expect(passwords.checks).toBeLessThanOrEqual(10);
    expect(passwords.checks).toBeGreaterThanOrEqual(5);
    expect(outcomes).toEqual(new Map([["UNAUTHENTICATED", passwords.checks], ["RATE_LIMITED", 10_000 - passwords.checks]]));
    // Later not faster: the pause has grown to a quarter of an hour.
    const before = passwords.checks;
    for (let minute = 0; minute < 120; minute++) {
      await outcome(name, "guess", `198.51.100.${minute}`);
      nowMs += MINUTE_MS;
    }
    expect(passwords.checks - before).toBeLessThanOrEqual(9);
  });

  it("forgets the failures of somebody who remembers his password", async () => {
    begin();
    for (let i = 0; i < 4; i++) expect(await outcome("student2", "wrong", "192.0.2.2")).toBe("UNAUTHENTICATED");
    expect(await outcome("student2", PASSWORD, "192.0.2.2")).toBe("in");
    for (let i = 0; i < 4; i++) expect(await outcome("student2", "wrong", "192.0.2.2")).toBe("UNAUTHENTICATED");
    expect(await outcome("student2", PASSWORD, "192.0.2.2")).toBe("in");
  });

  it("slows an address that tries one guess on each of many names, and nobody else", async () => {
    begin();
    const outcomes = [];
    for (let i = 0; i < 300; i++) outcomes.push(await outcome(`name${i}`, "Password123456", "203.0.113.9"));
    expect(outcomes.filter((one) => one === "UNAUTHENTICATED")).toHaveLength(100);
    expect(await outcome("student3", PASSWORD, "203.0.113.9")).toBe("RATE_LIMITED");
    expect(await outcome("student3", PASSWORD, "203.0.113.10")).toBe("in");
    nowMs += 10 * MINUTE_MS + 1;
    expect(await outcome("student3", PASSWORD, "203.0.113.9")).toBe("in");
  });

  it("takes as long for an unknown name as for a wrong password, at the real cost", async () => {
    begin({ logN: 17, r: 8, p: 1 });
    const passwordHash = await passwords.hash(PASSWORD);
    await createUser(database.tables, { name: "real-cost", role: "student", passwordHash });
    expect(passwordHash).toMatch(/^scrypt\$17\$8\$1\$/);
    const cpuMs = async (name: string) => {
      const before = process.cpuUsage();
      await outcome(name, "wrong horse battery", "192.0.2.3");
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let i = 0; i < 4; i++) {
      known.push(await cpuMs("real-cost"));
      unknown.push(await cpuMs("unknown-name"));
    }
    console.log(`median work of a wrong password ${median(known).toFixed(0)} ms, of an unknown name ${median(unknown).toFixed(0)} ms`);
    expect(Math.min(median(known), median(unknown))).toBeGreaterThan(50);
    expect(Math.max(median(known), median(unknown)) / Math.min(median(known), median(unknown))).toBeLessThan(1.5);
    expect(await outcome("real-cost", PASSWORD, "192.0.2.3")).toBe("in");
  });

  it("refuses the 21st wrong code of an hour from one address, and lets a class of 50 join by the right one", async () => {
    begin();
    const { id } = await database.tables.class.create({ data: { name: "c", instructor: { connect: { name: "student0" } } } });
    const { hashOfJoinCode } = await import("./class-service");
    await database.tables.class.update({ where: { id }, data: { joinCodeHash: hashOfJoinCode("ABCDE-FGHJK"), joinCodeExpiresAt: new Date(nowMs + 90 * MINUTE_MS) } });
    const join = (code: string, name: string, ip: string) =>
      accounts.register({ code, name, password: PASSWORD }, { ip, device: "" }).then(() => "in", (error: unknown) => (error instanceof AppError ? error.code : String(error)));
    expect(await Promise.all(Array.from({ length: 50 }, (_, i) => join("abcdefghjk", `joiner${i}`, "192.0.2.7")))).toEqual(Array(50).fill("in"));
    const guesses = [];
    for (let i = 0; i < 40; i++) guesses.push(await join(String(100_000 + i), `guesser${i}`, "192.0.2.8"));
    expect(guesses).toEqual([...Array<string>(20).fill("NOT_FOUND"), ...Array<string>(20).fill("RATE_LIMITED")]);
    expect(await join("ABCDE-FGHJK", "late", "192.0.2.8")).toBe("RATE_LIMITED");
    nowMs += 60 * MINUTE_MS + 1;
    expect(await join("ABCDE-FGHJK", "late", "192.0.2.8")).toBe("in");
    nowMs += 60 * MINUTE_MS;
    expect(await join("ABCDE-FGHJK", "too-late", "192.0.2.8")).toBe("NOT_FOUND");
  });
});
