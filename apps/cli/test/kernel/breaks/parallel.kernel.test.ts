import { afterEach, describe, expect, it } from "vitest";
import { done, json, namespaces, vpcctl } from "../vpcctl";

const MANY = 8;
const LONG_MS = 240_000;
const many = <T>(make: (nr: number) => T): T[] => Array.from({ length: MANY }, (_, nr) => make(nr));

afterEach(() => vpcctl("purge --all --yes"), LONG_MS);

describe("several vpcctl at once", () => {
  it("creates of different VPCs: one waits for the other, none is lost, all end with 0", async () => {
    const ended = await Promise.all(many((nr) => vpcctl(`vpc create vpc${nr} --cidr 10.${nr}.0.0/16`)));
    expect(ended.map(({ code, stderr }) => `${code}${stderr}`)).toEqual(many(() => "0"));
    expect(namespaces()).toEqual(expect.arrayContaining(many((nr) => `vpc${nr}`)));
    expect((await json<{ name: string }[]>("vpc list")).map(({ name }) => name).sort()).toEqual(many((nr) => `vpc${nr}`));
    // Also the deletes, and what is made meanwhile.
    const mixed = await Promise.all(many((nr) => vpcctl(nr % 2 ? `vpc delete vpc${nr} --yes` : `subnet create vpc${nr}/a`)));
    expect(mixed.map(({ code, stderr }) => (code === 0 ? "0" : stderr))).toEqual(many(() => "0"));
    expect(namespaces().filter((name) => !name.includes("."))).toEqual(many((nr) => nr).filter((nr) => nr % 2 === 0).flatMap((nr) => [`vpc${nr}`, `vpc${nr}-a`]));
  }, LONG_MS);

  it("creates of the same VPC: the same content is fine for all, other content is a conflict for all but the first", async () => {
    const same = await Promise.all(many(() => vpcctl("vpc create prod --cidr 10.0.0.0/16")));
    expect(same.map(({ code }) => code)).toEqual(many(() => 0));
    expect(same.filter(({ stdout }) => stdout.includes("there already"))).toHaveLength(MANY - 1);
    expect(await json("vpc list")).toHaveLength(1);
    const other = await Promise.all(many((nr) => vpcctl(`vpc create dev --cidr 10.${nr}.0.0/16`)));
    expect(other.map(({ code }) => code).sort()).toEqual([0, ...many(() => 5).slice(1)]);
    for (const { stderr } of other.filter(({ code }) => code === 5)) expect(stderr).toMatch(/CONFLICT: .*dev.* exists already with other content: CIDR is 10\.\d/);
    expect(await done("diff")).toBeDefined();
  }, LONG_MS);
});
