import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cidrFrom } from "@vpclab/shared/net/cidr";
import { PublicAddressStore } from "./public-address-store";
import { openStateDir } from "./state-dir";

const pool = cidrFrom("198.51.100.128/29");

describe("public addresses on this host's disk", () => {
  let root: string;
  let dir: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "vpclab-public-"));
    dir = await openStateDir(join(root, "state"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it("are the same after a restart, and another topology gets others", async () => {
    const store = await PublicAddressStore.open(dir, pool);
    expect(await store.take("t1", ["eip-a"])).toEqual({ "eip-a": "198.51.100.129" });
    expect(await store.take("t2", ["eip-a"])).toEqual({ "eip-a": "198.51.100.130" });
    expect((await PublicAddressStore.open(dir, pool)).peek("t2", ["eip-a"])).toEqual({ "eip-a": "198.51.100.130" });
  });

  it("go back to the pool only when they are given back", async () => {
    const store = await PublicAddressStore.open(dir, pool);
    await store.take("t1", ["a", "b"]);
    expect(await store.take("t1", ["c"])).toEqual({ c: "198.51.100.131" });
    await store.keepOnly("t1", ["b", "c"]);
    expect(await store.take("t2", ["d"])).toEqual({ d: "198.51.100.129" });
    expect(store.peek("t1", ["b"])).toEqual({ b: "198.51.100.130" });
  });

  it("of a plan are those that an apply would give, and nothing is written", async () => {
    const store = await PublicAddressStore.open(dir, pool);
    const planned = store.peek("t1", ["a"]);
    expect(store.peek("t2", ["b"])).toEqual({ b: "198.51.100.129" });
    expect(await store.take("t1", ["a"])).toEqual(planned);
  });

  it("are none without a pool, and those of a former pool are forgotten", async () => {
    await (await PublicAddressStore.open(dir, pool)).take("t1", ["a"]);
    const without = await PublicAddressStore.open(dir, null);
    expect(without.hasPool).toBe(false);
    expect(await without.take("t1", ["a"])).toEqual({});
    const other = await PublicAddressStore.open(dir, cidrFrom("203.0.113.0/28"));
    expect(await other.take("t1", ["a"])).toEqual({ a: "203.0.113.1" });
  });
});
