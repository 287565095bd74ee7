import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { done, inside, json, namespaces, stateDir, vpcctl } from "./vpcctl";

afterAll(() => vpcctl("purge --yes"));

const EXAMPLE = new URL("../../../../docs/examples/three-tier.yaml", import.meta.url).pathname;
/** Names of topologies other than `default` stand before those of their namespaces. */
const NETNS = { web: "three-tier.shop-web", app: "three-tier.shop-app", db: "three-tier.shop-db" };
const ADDRESS = { web: "10.0.1.2", app: "10.0.2.2", db: "10.0.3.2" };
const PORT = { web: 8080, app: 8000, db: 5432 };
/** The sandbox's internet. */
const INTERNET = "203.0.113.10";
type Tier = keyof typeof NETNS;
const TIERS = Object.keys(NETNS) as Tier[];

/** A real connection, from a shell in the instance's namespace. */
const connects = async (from: string, address: string, port: number): Promise<boolean> =>
  (await inside(from, "curl", "--silent", "--output", "/dev/null", "--noproxy", "*", "--max-time", "2", `http://${address}:${port}/`)).code === 0;

describe("three tiers from one file", () => {
  it("only the allowed ways work, a changed file changes them, and nothing is left", async () => {
    await done(["apply", "-f", EXAMPLE]);
    expect(namespaces()).toEqual(expect.arrayContaining(Object.values(NETNS)));

    const ways = TIERS.flatMap((from) => TIERS.filter((to) => to !== from).map((to) => ({ from, to })));
    const reached = await Promise.all(ways.map(({ from, to }) => connects(NETNS[from], ADDRESS[to], PORT[to])));
    expect(ways.filter((_, i) => reached[i]).map(({ from, to }) => `${from} → ${to}`)).toEqual(["web → app", "app → db"]);
    // Updates of the database leave by the NAT gateway; nobody else gets out.
    const out = await Promise.all(TIERS.map((tier) => connects(NETNS[tier], INTERNET, 80)));
    expect(TIERS.filter((_, i) => out[i])).toEqual(["db"]);
    // The program measures the same, from everybody to everybody and from and to the internet.
    for (const traffic of ["--tcp 8080", "--tcp 8000"]) {
      expect(await json(`-t three-tier matrix ${traffic}`), traffic).toMatchObject({ disagreements: 0 });
    }

    // Again it changes nothing; the host is as the file says.
    expect(await done(["apply", "-f", EXAMPLE])).toContain("is as");
    expect((await vpcctl(["diff", "-f", EXAMPLE])).code).toBe(0);

    // Somebody cuts a cable; `diff` sees it and `apply` repairs it.
    await inside(NETNS.app, "ip", "link", "set", "dev", "eth0", "down");
    expect((await vpcctl("-t three-tier diff")).code).toBe(1);
    await done("-t three-tier apply");
    expect(await connects(NETNS.web, ADDRESS.app, PORT.app)).toBe(true);

    // The file is changed, and only what it says changes with it.
    const mine = join(stateDir, "three-tier.yaml");
    copyFileSync(EXAMPLE, mine);
    writeFileSync(mine, readFileSync(mine, "utf8").replace("ingress: [tcp 8000 from group web]", "ingress: []"));
    expect((await vpcctl(["plan", "-f", mine])).stdout).toContain("app");
    await done(["apply", "-f", mine]);
    expect(await connects(NETNS.web, ADDRESS.app, PORT.app)).toBe(false);
    expect(await connects(NETNS.app, ADDRESS.db, PORT.db)).toBe(true);

    // A file with a mistake changes nothing.
    writeFileSync(mine, readFileSync(mine, "utf8").replace("10.0.3.0/24", "10.0.2.0/24"));
    expect((await vpcctl(["apply", "-f", mine])).code).toBe(2);
    expect(await connects(NETNS.app, ADDRESS.db, PORT.db)).toBe(true);

    await done("-t three-tier teardown --yes");
    expect(namespaces().filter((name) => name.startsWith("three-tier"))).toEqual([]);
    await done("purge --yes");
    expect(namespaces()).toEqual([]);
  }, 180_000);
});
