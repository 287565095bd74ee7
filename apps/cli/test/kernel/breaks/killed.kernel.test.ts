import { afterEach, describe, expect, it } from "vitest";
import { done, json, namespaces, run, vpcctl } from "../vpcctl";
import { machinePicture } from "./machine-picture";

const LONG_MS = 500_000;
/** Another series: VPCCTL_SEED=n. */
const SEED = Number(process.env.VPCCTL_SEED ?? 20_250);
const ROUNDS = 6;

afterEach(() => vpcctl("purge --all --yes"), LONG_MS);

/** Each command with what has to be there once it is done; each begins where the one before ended. */
const WAY: readonly (readonly [command: string, drawn: readonly string[]])[] = [
  ["create shop", ["shop", "shop-priv", "shop-pub"]],
  ["subnet create shop/more --cidr 10.30.9.0/24", ["shop", "shop-more", "shop-priv", "shop-pub"]],
  ["vpc create dev --cidr 10.1.0.0/16", ["dev", "shop", "shop-more", "shop-priv", "shop-pub"]],
  ["subnet delete shop/more --yes", ["dev", "shop", "shop-priv", "shop-pub"]],
  ["teardown --yes", []],
];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const KILLED = 137;
const drawnNamespaces = (): string[] => namespaces().filter((name) => !name.includes("."));
const vpcRange = (command: string, range: string): string => command.replace("10.30", range);

describe(`vpcctl that is killed with SIGKILL (VPCCTL_SEED=${SEED})`, () => {
  it("at thirty moments of create, edit, delete and teardown: the same command again finishes it, and nothing is left at the end", async () => {
    const next = random(SEED);
    const before = await machinePicture();
    const tookMs = new Map<string, number>();
    let died = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const [given, drawn] of WAY) {
        // What `create` has chosen as the range.
        const command = given.includes("10.30") ? vpcRange(given, await rangeOf("shop")) : given;
        const moment = (tookMs.get(given) ?? 900) * (0.25 + 0.75 * next()) / 1000;
        const killed = await run("timeout", ["--foreground", "-s", "KILL", moment.toFixed(3), "vpcctl", ...command.split(" ")]);
        if (killed.code === KILLED || killed.code === 128) died += 1;
        const start = performance.now();
        const again = await vpcctl(command);
        tookMs.set(given, performance.now() - start);
        const about = `round ${round}, after SIGKILL of “${command}” at ${moment.toFixed(3)} s (${killed.code}): ${again.code} ${again.stderr}`;
        // A teardown or a delete that had reached the kernel was accepted, and has nothing more to do.
        expect([0, ...(/teardown|delete/.test(command) ? [4] : [])], about).toContain(again.code);
        expect(drawnNamespaces(), about).toEqual(drawn);
        if (drawn.length > 0) expect((await vpcctl("diff")).code, about).toBe(0);
      }
      expect(namespaces(), `round ${round}`).toEqual([]);
    }
    expect(died).toBeGreaterThan(WAY.length * ROUNDS * 0.3);
    expect(await machinePicture()).toEqual(before);
  }, LONG_MS);

  it("in the middle of a purge: the next purge removes the rest, and a create works", async () => {
    const next = random(SEED + 1);
    const before = await machinePicture();
    for (let round = 0; round < 4; round++) {
      await done("create shop");
      const moment = 0.2 + 0.8 * next();
      await run("timeout", ["--foreground", "-s", "KILL", moment.toFixed(3), "vpcctl", "purge", "--yes"]);
      await done("purge --yes");
      expect(await machinePicture(), `after SIGKILL at ${moment.toFixed(3)} s`).toEqual(before);
    }
    await done("create shop");
    await done("vpc delete shop --yes");
  }, LONG_MS);
});

const rangeOf = async (vpc: string): Promise<string> => {
  const found = (await json<{ name: string; cidr: string }[]>("vpc list")).find(({ name }) => name === vpc);
  return (found?.cidr ?? "10.0").split(".").slice(0, 2).join(".");
};
