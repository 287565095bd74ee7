import { afterAll, describe, expect, it } from "vitest";
import { done, json, namespaces, vpcctl } from "./vpcctl";

afterAll(() => vpcctl("purge --yes"));

describe("vpcctl --local", () => {
  it("makes a VPC, runs programs in it, measures it and leaves nothing", async () => {
    await done("vpc create prod --cidr 10.0.0.0/16");
    await done("subnet add prod/public --cidr 10.0.1.0/24 --type public");
    await done("subnet add prod/private --cidr 10.0.2.0/24 --type private");
    expect(namespaces()).toEqual(expect.arrayContaining(["prod", "prod-public", "prod-private"]));

    const ping = await vpcctl("exec prod-public -- ping -c 1 -W 2 10.0.2.2");
    expect(ping, ping.stderr).toMatchObject({ code: 0 });
    expect((await vpcctl(["exec", "prod-public", "--", "sh", "-c", "exit 7"])).code).toBe(7);

    expect((await vpcctl("test prod-public prod-private")).code).toBe(0);
    expect(await json("matrix")).toMatchObject({ disagreements: 0 });
    expect(await done("inspect")).toContain("10.0.1.1");
    expect(await json("watch --count 1")).toHaveProperty("counters");
    expect(await done("logs --last 1 --verbose")).toMatch(/ip |nft /);
    expect(await done("show linux prod-public")).toContain("ip netns add prod-public");

    await done("teardown --yes");
    expect(namespaces().filter((name) => name.startsWith("prod"))).toEqual([]);
    await done("purge --yes");
    expect(namespaces()).toEqual([]);
  });
});
