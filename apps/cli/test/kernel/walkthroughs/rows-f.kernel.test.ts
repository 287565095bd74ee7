import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { vpcctl } from "../vpcctl";
import { machineState } from "./machine-state";
import { Terminal } from "./terminal";

/** What the older tools promise of their firewall policies, row by row. Something listens on each port, so that silence means the policy. */
const at = new Terminal({ mode: "sandbox" });
let before: unknown;

const rule = (port: number, action: string, protocol = "tcp") => ({ port, protocol, action });
/** Ports of vpc1-public that somebody in the private subnet gets a connection to. */
async function open(): Promise<number[]> {
  const PORTS = [22, 80, 8000, 8080];
  const probes = PORTS.map((port) => `(timeout 1 bash -c '</dev/tcp/10.0.1.2/${port}' 2>/dev/null && echo ${port}) &`).join("\n");
  const said = await at.output(`ip netns exec vpc1-private bash -c "${probes.replaceAll('"', '\\"')}\nwait"`);
  return said.split("\n").filter(Boolean).map(Number).sort((a, b) => a - b);
}
const apply = (policy: unknown, more = "") =>
  at.walk(`$ sudo vpcctl firewall apply --vpc vpc1 --subnet public --policy ${at.file("policy.json", JSON.stringify(policy))} ${more}`);
const rulesInNamespace = (): Promise<string> => at.output("ip netns exec vpc1-public nft list ruleset | sed 's/packets [0-9]* bytes [0-9]*//'");

beforeAll(async () => {
  before = await machineState();
  await at.walk(`
    $ sudo vpcctl create-vpc --name vpc1 --cidr 10.0.0.0/16
    $ sudo vpcctl subnet add --vpc vpc1 --name public --cidr 10.0.1.0/24 --type public
    $ sudo vpcctl subnet add --vpc vpc1 --name private --cidr 10.0.2.0/24 --type private
    $ for port in 22 80 8000 8080; do ip netns exec vpc1-public python3 -m http.server $port > /dev/null 2>&1 & done
    $ for port in 22 80 8000 8080; do until ip netns exec vpc1-public ss -lnt | grep -q ":$port "; do :; done; done
  `);
  expect(await open()).toEqual([22, 80, 8000, 8080]);
}, 240_000);
afterAll(async () => {
  await vpcctl("purge --yes");
  at.close();
});

describe("firewall policies", { timeout: 240_000 }, () => {
  it("F1: shape A: a VPC and a type of subnet", async () => {
    await apply({ vpc: "vpc1", subnet_type: "public", ingress: [rule(8000, "allow"), rule(22, "deny")] });
    expect(await open()).toEqual([8000]);
  });

  it("F2: several policies in one file: the one for this subnet", async () => {
    const of = (subnet_type: string, port: number) => ({ vpc: "vpc1", subnet_type, ingress: [rule(port, "allow")] });
    await apply({ policies: [of("private", 80), of("public", 8080)] });
    expect(await open()).toEqual([8080]);
  });

  it("F3: shape B: a subnet by its range", async () => {
    await apply({ subnet: "10.0.1.0/24", ingress: [rule(80, "allow"), rule(22, "deny")] });
    expect(await open()).toEqual([80]);
  });

  it("F4: allow and deny in the file's order, for tcp and udp; icmp by name", async () => {
    await apply({ ingress: [rule(22, "deny"), rule(22, "allow"), rule(53, "allow", "udp"), { protocol: "icmp", action: "allow" }, { port: "8000-8080", protocol: "tcp", action: "allow" }] });
    expect(await open()).toEqual([8000, 8080]);
    await at.walk("$ ip netns exec vpc1-private ping -c 1 10.0.1.2");
  });

  it("F5: the rules are in the subnet's own namespace, with a counter each", async () => {
    await apply({ subnet: "10.0.1.0/24", ingress: [rule(80, "allow"), rule(22, "deny")] });
    expect(await rulesInNamespace()).toMatch(/tcp dport 22 .*drop/);
    await at.walk(`
      $ ip netns exec vpc1-private nft list ruleset
      ! dport 22
      $ nft list ruleset
      ~ ^$
    `);
  });

  it("F6: answers to connections that go out are never blocked", () => at.walk(`
    $ sudo vpcctl deploy webserver --vpc vpc1 --subnet private --port 8081
    $ ip netns exec vpc1-public curl -s -m 2 http://10.0.2.2:8081
    > vpc1-private
    $ ip netns exec vpc1-public ping -c 1 10.0.2.2
  `));

  it("F7: loopback is always open", () => at.walk(`
    $ ip netns exec vpc1-public timeout 2 bash -c '</dev/tcp/127.0.0.1/22'
    $ ip netns exec vpc1-public timeout 2 bash -c '</dev/tcp/10.0.1.2/22'
  `));

  it("F8: the allowed port is reachable; the denied one gives no answer", () => at.walk(`
    $ ip netns exec vpc1-private timeout 1 bash -c '</dev/tcp/10.0.1.2/80' && echo OPEN || echo BLOCKED
    > OPEN
    $ ip netns exec vpc1-private timeout 1 bash -c '</dev/tcp/10.0.1.2/22' && echo OPEN || echo BLOCKED
    > BLOCKED
    $ curl -s -m 2 -o /dev/null http://10.0.1.2:80
    $ curl -s -m 1 http://10.0.1.2:22
    = 28
  `));

  it("F9: what no rule names is denied, or as --default or the file says", async () => {
    await apply({ ingress: [rule(22, "deny")] });
    expect(await open()).toEqual([]);
    await apply({ ingress: [rule(22, "deny")] }, "--default allow");
    expect(await open()).toEqual([80, 8000, 8080]);
    await apply({ default: "allow", ingress: [rule(80, "deny")] });
    expect(await open()).toEqual([22, 8000, 8080]);
  });

  it("F10: applied twice it is the same: no rule is doubled; another policy takes its place", async () => {
    const policy = { subnet: "10.0.1.0/24", ingress: [rule(80, "allow"), rule(22, "deny")] };
    await apply(policy);
    const once = await rulesInNamespace();
    await apply(policy);
    expect(await rulesInNamespace()).toBe(once);
    await apply({ subnet: "10.0.1.0/24", ingress: [rule(8000, "allow")] });
    expect(await rulesInNamespace()).not.toContain("dport 22");
    expect(await open()).toEqual([8000]);
  });

  it.each<[string, string, string, number]>([
    ["a missing field", '{"ingress": [{"port": 80, "action": "allow"}]}', "“protocol” is missing", 2],
    ["an unknown action", '{"ingress": [\n{"port": 80, "protocol": "tcp", "action": "alow"}]}', ":2:", 2],
    ["no JSON", '{"ingress": [', "bad.json:1:", 2],
    ["another subnet", '{"subnet": "10.0.2.0/24", "ingress": []}', "10.0.1.0/24", 2],
    ["a shell's words as port", '{"ingress": [{"port": "80; touch owned", "protocol": "tcp", "action": "allow"}]}', "is no port", 2],
    ["one wrong rule among good ones", '{"ingress": [{"port": 22, "protocol": "tcp", "action": "deny"}, {"port": 0, "protocol": "tcp", "action": "allow"}]}', "nothing was changed", 2],
  ])("F13, F15: a policy with %s is refused with its line, and what was in force stays", async (_what, text, says, code) => {
    const inForce = await rulesInNamespace();
    const path = at.file("bad.json", text);
    await at.walk(`
      $ sudo vpcctl firewall apply --vpc vpc1 --subnet public --policy ${path}
      = ${code}
      > ${says}
      $ test -e owned
      = 1
    `);
    expect(await rulesInNamespace()).toBe(inForce);
  });

  it("F13: a file that is not there is said; what was in force is it still", async () => {
    await at.walk(`
      $ sudo vpcctl firewall apply --vpc vpc1 --subnet public --policy nowhere.json
      = 2
      > nowhere.json
    `);
    expect(await open()).toEqual([8000]);
  });

  it("F12: cleared, everything is open again", async () => {
    await at.walk(`
      $ sudo vpcctl clear-policy --vpc vpc1 --subnet public
      $ sudo vpcctl policy-show --vpc vpc1 --subnet public
      > has no firewall
    `);
    expect(await open()).toEqual([22, 80, 8000, 8080]);
  });

  it("F11: applied at create time by FIREWALL_FILE", () => at.walk(`
    $ echo '{"vpc": "shop", "subnet_type": "private", "ingress": [{"port": 5432, "protocol": "tcp", "action": "allow"}]}' > shop.json
    $ sudo env FIREWALL_FILE=shop.json vpcctl create --name shop
    $ sudo vpcctl firewall show --vpc shop --subnet priv
    > allow tcp 5432
    $ sudo vpcctl firewall show --vpc shop --subnet pub
    > has no firewall
    $ sudo vpcctl delete --name shop
  `));

  it("D1: and nothing of it all is left", async () => {
    await at.walk("$ sudo vpcctl teardown --yes\n$ wait");
    expect(await machineState()).toEqual(before);
  });
});
