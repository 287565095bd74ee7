import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadPolicy } from "./load-policy";
import { BUILT_IN_POLICY } from "./policy";

describe("the host's policy file", () => {
  let dir: string;
  let path: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "vpclab-policy-"));
    path = join(dir, "policy.json");
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));
  const load = async (text: string) => (await writeFile(path, text, { mode: 0o644 }), loadPolicy(path));

  it("is the built-in one where none is named", async () => expect(await loadPolicy(null)).toBe(BUILT_IN_POLICY));

  it("takes what it says and the built-in rules for the rest", async () => {
    const { rules, source } = await load('{"allowCidrs":["192.168.0.0/16"],"max":{"vpcs":2},"features":{"probe":false}}');
    expect(source).toBe(path);
    expect(rules).toEqual({
      ...BUILT_IN_POLICY.rules, allowCidrs: ["192.168.0.0/16"], max: { ...BUILT_IN_POLICY.rules.max, vpcs: 2 }, features: { probe: false, webServer: true },
    });
  });

  it.each([
    ["an unknown key", '{"allowCidr":[]}', /allowCidr/], ["an unknown limit", '{"max":{"vpc":1}}', /max/], ["a prefix with host bits", '{"allowCidrs":["10.0.0.1/8"]}', /allowCidrs\.0: a canonical/],
    ["a limit as text", '{"max":{"vpcs":"2"}}', /max\.vpcs/], ["a key twice", '{"max":{},"max":{}}', /twice/], ["no JSON", "allow everything", /not valid JSON|unexpected/], ["nothing", "", /JSON|object/],
    ["a pool with host bits", '{"publicPool":"203.0.113.1/28"}', /publicPool: a canonical/], ["a pool of one address", '{"publicPool":"203.0.113.0/32"}', /publicPool: between/],
    ["a pool among the VPCs' prefixes", '{"publicPool":"192.168.1.128/25"}', /publicPool: overlaps 192.168.0.0.16 of allowCidrs/],
    ["a pool that is never routed", '{"publicPool":"169.254.64.0/24"}', /publicPool: overlaps/], ["ports the wrong way round", '{"publishedPorts":{"from":9,"to":8}}', /publishedPorts: from 9/],
  ])("refuses the start over %s", async (_name, text, words) => {
    await expect(load(text)).rejects.toThrow(words);
    await expect(load(text)).rejects.toThrow(path);
  });

  it("takes a pool that no VPC may overlap, and has none unless one is named", async () => {
    expect((await load('{"publicPool":"203.0.113.0/28"}')).rules.publicPool).toBe("203.0.113.0/28");
    expect((await load('{"publicPool":"192.168.1.128/25","allowCidrs":["10.0.0.0/8"]}')).rules.publicPool).toBe("192.168.1.128/25");
    expect(BUILT_IN_POLICY.rules.publicPool).toBeUndefined();
  });

  it("refuses the start where others could put another file in its place", async () => {
    await writeFile(path, "{}", { mode: 0o644 });
    for (const mode of [0o770, 0o707, 0o777]) {
      await chmod(dir, mode);
      await expect(loadPolicy(path)).rejects.toThrow(/folder/);
    }
    for (const mode of [0o1777, 0o755]) {
      await chmod(dir, mode);
      expect((await loadPolicy(path)).source).toBe(path);
    }
    await symlink(dir, `${dir}-link`);
    await expect(loadPolicy(join(`${dir}-link`, "policy.json"))).rejects.toThrow(/not a directory itself/);
    await rm(`${dir}-link`);
    expect((await loadPolicy(path)).source).toBe(path);
  });

  it("knows the line of every key that it has", async () => {
    const { lines } = await load('{\n  "allowCidrs": [\n    "10.0.0.0/8"\n  ],\n  "max": { "vpcs": 2,\n    "in\\u0073tances": 3 },\n\n  "features": {"probe": false}\n}');
    expect(Object.fromEntries(lines ?? [])).toEqual({ allowCidrs: 2, max: 5, "max.vpcs": 5, "max.instances": 6, features: 8, "features.probe": 8 });
  });

  it("refuses the start over a file that is not there, not private enough, or a link", async () => {
    await expect(loadPolicy(path)).rejects.toThrow(/ENOENT/);
    await writeFile(path, "{}");
    await chmod(path, 0o664);
    await expect(loadPolicy(path)).rejects.toThrow(/may write/);
    await chmod(path, 0o644);
    await symlink(path, join(dir, "link"));
    await expect(loadPolicy(join(dir, "link"))).rejects.toThrow(/symbolic link/);
    await expect(loadPolicy(dir)).rejects.toThrow(/regular file/);
  });
});
