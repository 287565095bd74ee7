import { availableParallelism } from "node:os";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PASSWORD } from "../testing/people";
import { outcomeOf, SignInLab } from "../testing/sign-in-lab";
import { hashOfJoinCode } from "./class-service";
import { STANDARD_COST } from "./passwords";

afterAll(({}, file) => console.info(badInputCount("J", file)));

const MINUTE_MS = 60_000;
const MUCH_LATER_MS = 24 * 60 * MINUTE_MS;
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
/** What the machine does besides comes and goes; a median of many does not notice. */
const TIMING_ROUNDS = 11;

/** What some work has cost this process on all of its threads, and how long it took. */
async function measured(work: () => Promise<unknown>): Promise<{ cpuMs: number; wallMs: number }> {
  const [before, at] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - at };
}

async function inTurn<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (let i = 0; i < times; i++) answers.push(await work());
  return answers;
}

describe("signing in", () => {
  let lab: SignInLab;
  beforeAll(async () => {
    lab = await SignInLab.open();
    await lab.students("student", 60);
  });
  afterAll(() => lab.close());

  it("lets 50 students behind one address in at once, four hashes at a time, at the real cost", async () => {
    lab.begin(STANDARD_COST);
    await lab.students("real", 50);
    const one = median((await inTurn(3, () => measured(() => lab.signIn("real0", PASSWORD, "192.0.2.2")))).map(({ cpuMs }) => cpuMs));
    lab.begin(STANDARD_COST);
    const names = Array.from({ length: 50 }, (_, i) => `real${i}`);
    let outcomes: string[] = [];
    const all = await measured(async () => void (outcomes = await Promise.all(names.map((name) => lab.outcome(name, PASSWORD, "192.0.2.1")))));
    const [ratio, cores] = [all.cpuMs / one, Math.min(4, availableParallelism())];
    console.info(
      `50 sign-ins at the real cost: ${(all.cpuMs / 1000).toFixed(1)} s of work, ${ratio.toFixed(1)} times one of ${one.toFixed(0)} ms: `
      + `${(all.cpuMs / 1000 / cores).toFixed(1)} s on ${cores} cores that nobody else uses, ${(all.wallMs / 1000).toFixed(1)} s here and now`,
    );
    expect(outcomes).toEqual(Array(50).fill("in"));
    expect([lab.passwords.checks, lab.passwords.runningMost]).toEqual([50, 4]);
    // How many seconds that is depends on the machine and on who else works there: fifty hashes, and nothing much besides.
    expect(ratio).toBeLessThan(50 * 1.5);
  });

  it("lets them in also after a neighbour has failed often, and again and again", async () => {
    lab.begin();
    for (let i = 0; i < 90; i++) await lab.outcome(`nobody${i}`, "wrong", "192.0.2.1");
    for (let round = 0; round < 5; round++) {
      expect(await Promise.all(Array.from({ length: 50 }, (_, i) => lab.outcome(`student${i}`, PASSWORD, "192.0.2.1")))).toEqual(Array(50).fill("in"));
    }
  });

  it.each(["student1", "nobody-has-this-name"])("checks at most ten of 10,000 guesses at %s in a quarter of an hour, from wherever they come", async (name) => {
    lab.begin();
    const outcomes = new Map<string, number>();
    for (let i = 0; i < 10_000; i += 100) {
      const some = await Promise.all(Array.from({ length: 100 }, (_, j) => lab.outcome(name, `guess ${i + j}`, `198.51.100.${j}`)));
      for (const one of some) outcomes.set(one, (outcomes.get(one) ?? 0) + 1);
      lab.nowMs += (15 * MINUTE_MS) / 100;
    }
    expect(lab.passwords.checks).toBeLessThanOrEqual(10);
    expect(lab.passwords.checks).toBeGreaterThanOrEqual(5);
    expect(outcomes).toEqual(new Map([["UNAUTHENTICATED", lab.passwords.checks], ["RATE_LIMITED", 10_000 - lab.passwords.checks]]));
    // Later not faster: the pause has grown to a quarter of an hour.
    const before = lab.passwords.checks;
    for (let minute = 0; minute < 120; minute++) {
      await lab.outcome(name, "guess", `198.51.100.${minute}`);
      lab.nowMs += MINUTE_MS;
    }
    expect(lab.passwords.checks - before).toBeLessThanOrEqual(9);
  });

  it("forgets the failures of somebody who remembers his password", async () => {
    lab.begin();
    for (let i = 0; i < 4; i++) expect(await lab.outcome("student2", "wrong", "192.0.2.2")).toBe("UNAUTHENTICATED");
    expect(await lab.outcome("student2", PASSWORD, "192.0.2.2")).toBe("in");
    for (let i = 0; i < 4; i++) expect(await lab.outcome("student2", "wrong", "192.0.2.2")).toBe("UNAUTHENTICATED");
    expect(await lab.outcome("student2", PASSWORD, "192.0.2.2")).toBe("in");
  });

  it("slows an address that tries one guess on each of many names, and nobody else", async () => {
    lab.begin();
    const outcomes = [];
    for (let i = 0; i < 300; i++) outcomes.push(await lab.outcome(`name${i}`, "Password123456", "203.0.113.9"));
    expect(outcomes.filter((one) => one === "UNAUTHENTICATED")).toHaveLength(100);
    expect(await lab.outcome("student3", PASSWORD, "203.0.113.9")).toBe("RATE_LIMITED");
    expect(await lab.outcome("student3", PASSWORD, "203.0.113.10")).toBe("in");
    lab.nowMs += 10 * MINUTE_MS + 1;
    expect(await lab.outcome("student3", PASSWORD, "203.0.113.9")).toBe("in");
  });

  it("takes as long for an unknown name as for a wrong password, at the real cost", async () => {
    lab.begin(STANDARD_COST);
    await lab.students("timed", 1);
    const cpuMs = async (name: string) =>
      (await measured(async () => expect(await lab.outcome(name, "wrong horse battery", "192.0.2.3")).toBe("UNAUTHENTICATED"))).cpuMs;
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < TIMING_ROUNDS; round++) {
      known.push(await cpuMs("timed0"));
      unknown.push(await cpuMs("unknown-name"));
      lab.nowMs += MUCH_LATER_MS;
    }
    const [one, other] = [median(known), median(unknown)];
    console.info(`medians of ${TIMING_ROUNDS}: a wrong password ${one.toFixed(0)} ms of work, an unknown name ${other.toFixed(0)} ms: ${(Math.max(one, other) / Math.min(one, other)).toFixed(3)} times`);
    expect(Math.min(one, other)).toBeGreaterThan(50);
    expect(Math.max(one, other) / Math.min(one, other)).toBeLessThan(1.2);
    expect(await lab.outcome("timed0", PASSWORD, "192.0.2.3")).toBe("in");
  });

  it("refuses the 21st wrong code of an hour from one address, and lets a class of 50 join by the right one", async () => {
    lab.begin();
    const { id } = await lab.database.tables.class.create({ data: { name: "c", instructor: { connect: { name: "student0" } } } });
    await lab.database.tables.class.update({ where: { id }, data: { joinCodeHash: hashOfJoinCode("ABCDE-FGHJK"), joinCodeExpiresAt: new Date(lab.nowMs + 90 * MINUTE_MS) } });
    const join = (code: string, name: string, ip: string) =>
      outcomeOf(lab.accounts.register({ code, name, password: PASSWORD }, { ip, device: "", deviceToken: null }));
    expect(await Promise.all(Array.from({ length: 50 }, (_, i) => join("abcdefghjk", `joiner${i}`, "192.0.2.7")))).toEqual(Array(50).fill("in"));
    const guesses = [];
    for (let i = 0; i < 40; i++) guesses.push(await join(String(100_000 + i), `guesser${i}`, "192.0.2.8"));
    expect(guesses).toEqual([...Array<string>(20).fill("NOT_FOUND"), ...Array<string>(20).fill("RATE_LIMITED")]);
    expect(await join("ABCDE-FGHJK", "late", "192.0.2.8")).toBe("RATE_LIMITED");
    lab.nowMs += 60 * MINUTE_MS + 1;
    expect(await join("ABCDE-FGHJK", "late", "192.0.2.8")).toBe("in");
    lab.nowMs += 60 * MINUTE_MS;
    expect(await join("ABCDE-FGHJK", "too-late", "192.0.2.8")).toBe("NOT_FOUND");
  });
});
