import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { done, inside, run, stateDir, vpcctl } from "../vpcctl";
import { machinePicture, rememberedIn } from "./machine-picture";

const LONG_MS = 240_000;
const folder = mkdtempSync(join(tmpdir(), "vpcctl-policies-"));
const OPEN = [8000, 8080];

beforeAll(async () => {
  await done("create --name shop --cidr 10.0.0.0/16");
  await done("deploy webserver shop/pub --port 8000");
  // A second one that the program does not know of: a port is closed by the policy, not because nobody listens.
  await run("sh", ["-c", `ip netns exec shop-pub ${process.execPath} -e 'require("http").createServer((q, a) => a.end("x")).listen(8080)' >/dev/null 2>&1 &`]);
}, LONG_MS);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await vpcctl("purge --all --yes");
}, LONG_MS);

const written = (name: string, policy: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof policy === "string" ? policy : JSON.stringify(policy, null, 2));
  return path;
};
const rule = (port: unknown, action: unknown = "allow", protocol: unknown = "tcp") => ({ port, protocol, action });
const policy = (...ingress: unknown[]) => ({ vpc: "shop", subnet: "pub", ingress });
const applied = (path: string) => done(["firewall", "apply", "shop/pub", "--policy", path]);
/** Counters are listed by when they were made. */
const rules = async (): Promise<string[]> => (await inside("shop-pub", "nft", "-s", "list", "ruleset")).stdout.split("\n").sort();
const answers = async (): Promise<number[]> => {
  const codes = await Promise.all(OPEN.map(async (port) => (await inside("shop-priv", "curl", "-s", "-o", "/dev/null", "--noproxy", "*", "-m", "2", `http://10.0.1.2:${port}/`)).code));
  return OPEN.filter((_, i) => codes[i] === 0);
};

describe("a subnet's policy", () => {
  it("applied twice doubles no rule; a changed one takes effect; what no rule names is closed", async () => {
    await expect.poll(answers, { timeout: 20_000 }).toEqual(OPEN);
    const first = written("first.json", policy(rule(8000), rule(22, "deny")));
    await applied(first);
    const before = await rules();
    expect(await answers()).toEqual([8000]);
    for (let again = 0; again < 3; again++) await applied(first);
    expect(await rules()).toEqual(before);
    await applied(written("second.json", policy(rule(8000, "deny"), rule(8080))));
    expect(await answers()).toEqual([8080]);
    await applied(first);
    expect(await rules()).toEqual(before);
    await done("firewall clear shop/pub");
    expect(await answers()).toEqual(OPEN);
    await applied(first);
  }, LONG_MS);

  const CANARY = join(folder, "canary");
  it.each([
    ["one bad rule in the middle", policy(rule(8080), { port: 80, protocol: "tcp", action: "perhaps" }, rule(8000))],
    ["a port with shell characters", policy(rule(8080), rule(`80; touch ${CANARY}`))],
    ["a port that a shell would run", policy(rule(`$(touch ${CANARY})`))],
    ["a port that ends the rule set", policy(rule("80 accept; flush ruleset"))],
    ["port 0", policy(rule(0))], ["port 65536", policy(rule(65536))], ["port -1", policy(rule(-1))], ["port 1.5", policy(rule(1.5))],
    ["a port by its service's name", policy(rule("ssh"))], ["a port in base 16", policy(rule("0x50"))], ["a range upside down", policy(rule("90-80"))],
    ["an unknown protocol", policy(rule(80, "allow", "ospf; reboot"))], ["no action", policy({ port: 80, protocol: "tcp" })], ["a missing port", policy({ protocol: "tcp", action: "allow" })],
    ["a misspelt key", policy({ prot: 80, protocol: "tcp", action: "allow" })], ["a rule that is no rule", policy("allow all")], ["no list", { vpc: "shop", subnet: "pub", ingress: {} }],
    ["nothing in it", "{}"], ["another subnet's", { vpc: "shop", subnet: "priv", ingress: [] }], ["half a file", '{"vpc": "shop", "subnet": "pub",\n "ingress": [{"port": 80'],
    ["an escape sequence", policy(rule("\x1b[2J80"))], ["the same key twice", '{"subnet": "pub", "ingress": [],\n "ingress": [{"port": 80, "protocol": "tcp", "action": "allow"}]}'],
  ])("with %s is refused with file, line and column; the old one stays in force untouched", async (name, bad) => {
    const before = [await machinePicture(), rememberedIn(stateDir), await rules()];
    const path = written("bad.json", bad);
    const refused = await vpcctl(["firewall", "apply", "shop/pub", "--policy", path]);
    expect({ code: refused.code, stdout: refused.stdout }, `${name}: ${refused.stderr}`).toEqual({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(/bad\.json:\d+:\d+: /);
    expect(refused.stderr.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect([await machinePicture(), rememberedIn(stateDir), await rules()]).toEqual(before);
    expect((await run("ls", [CANARY])).code).not.toBe(0);
  }, LONG_MS);
});
