import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { CommandRunner } from "../host/command-runner";
import { HostFirewall } from "./host-firewall";

/**
 * Which program is asked to do what, where several firewalls may stand; the programs themselves are played here, because
 * iptables is not on every machine. The same on a real ruleset: test/kernel/host-mode.
 */
const FORWARD = { family: "ip", table: "filter", name: "FORWARD", type: "filter", hook: "forward", policy: "drop" };
const OURS = { family: "inet", table: "vpclab", name: "forwarding", type: "filter", hook: "forward", policy: "accept" };
const FIREWALLD = { family: "inet", table: "firewalld", name: "filter_FORWARD", type: "filter", hook: "forward", policy: "accept" };

class Programs implements CommandRunner {
  readonly ran: string[] = [];
  readonly rules = new Set<string>();
  constructor(private readonly chains: object[], private readonly versions: Readonly<Record<string, string>>, private readonly legacyPolicy = "DROP") {}

  async tryRun({ file, args }: { file: string; args: readonly string[] }) {
    const line = [file, ...args].join(" ");
    const say = (stdout: string, exitCode = 0) => ({ exitCode, stdout, stderr: "" });
    if (line === "nft -j list chains") return say(JSON.stringify({ nftables: [{ metainfo: {} }, ...this.chains.map((chain) => ({ chain }))] }));
    if (line.startsWith("nft -j -a list chain")) {
      const place = args.slice(4).join(" ");
      return say(JSON.stringify({ nftables: [{ rule: { handle: 3 } }, ...(this.rules.has(place) ? [{ rule: { handle: 7, comment: "vpclab" } }] : [])] }));
    }
    if (args[0] === "-V") {
      const version = this.versions[file];
      if (version === undefined) throw new Error("ENOENT");
      return say(version);
    }
    if (args.includes("-S")) return say(`-P FORWARD ${this.legacyPolicy}\n`);
    if (args.includes("-C")) return say("", this.rules.has(file) ? 0 : 1);
    this.ran.push(line);
    const place = file === "nft" ? args.slice(2, 5).join(" ") : file;
    if (args[0] === "insert" || args.includes("-I")) this.rules.add(place);
    else this.rules.delete(place);
    return say("");
  }
  run(command: { file: string; args: readonly string[] }) { return this.tryRun(command); }
}

describe("another firewall of the host", () => {
  const dirs: string[] = [];
  afterEach(() => { for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true }); });
  const firewall = (runner: Programs, legacyTables = ""): HostFirewall => {
    const dir = mkdtempSync(join(tmpdir(), "vpclab-legacy-"));
    dirs.push(dir);
    writeFileSync(join(dir, "tables"), legacyTables);
    return new HostFirewall({ runner, mark: 0x76706c62, legacyTables: join(dir, "tables") });
  };
  const RULE = "FORWARD -m comment --comment vpclab -m mark --mark 0x76706c62 -j ACCEPT";

  it.each<[string, object[], Record<string, string>, string, string]>([
    ["iptables over nftables", [OURS, FORWARD], { iptables: "iptables v1.8.9 (nf_tables)" }, `iptables -w -I ${RULE}`, `iptables -w -D ${RULE}`],
    ["nftables alone", [OURS, FORWARD], {}, "nft insert rule ip filter FORWARD meta mark 0x76706c62 accept comment vpclab", "nft delete rule ip filter FORWARD handle 7"],
    ["firewalld, which rejects by its last rule", [OURS, FIREWALLD], { iptables: "iptables v1.8.9 (nf_tables)" }, "nft insert rule inet firewalld filter_FORWARD meta mark 0x76706c62 accept comment vpclab", "nft delete rule inet firewalld filter_FORWARD handle 7"],
  ])("that is %s gets one rule, by the program that made the chain, and loses it again", async (_name, chains, versions, added, removed) => {
    const runner = new Programs(chains, versions);
    const other = firewall(runner);
    expect(await other.look(true)).toEqual([{ words: expect.stringContaining("has no rule for vpclab"), command: added.replace(" -w", "") }]);
    await other.settle(true);
    expect(await other.look(true)).toEqual([]);
    await other.settle(true);
    expect(await other.look(false)).toEqual([{ words: expect.stringContaining("still has a rule for vpclab"), command: expect.stringMatching(/^(iptables -D|nft delete rule)/) }]);
    await other.settle(false);
    await other.settle(false);
    expect(runner.ran).toEqual([added, removed]);
  });

  it("that is iptables-legacy is asked only where the kernel has its tables", async () => {
    const versions = { iptables: "iptables v1.8.9 (legacy)" };
    const without = new Programs([], versions);
    expect(await firewall(without).look(true)).toEqual([]);
    const runner = new Programs([], versions);
    const other = firewall(runner, "nat\nfilter\n");
    expect(await other.look(true)).toEqual([{ words: expect.stringContaining("iptables-legacy"), command: `iptables -I ${RULE}` }]);
    await other.settle(true);
    await other.settle(false);
    expect(runner.ran).toEqual([`iptables -w -I ${RULE}`, `iptables -w -D ${RULE}`]);
  });

  it.each<[string, object]>([
    ["accepts", { ...FORWARD, policy: "accept" }], ["is on another hook", { ...FORWARD, hook: "input" }], ["has a name that is no word of nft", { ...FORWARD, name: "a; flush ruleset" }],
    ["is for IPv6", { ...FORWARD, family: "ip6" }],
  ])("whose chain %s is left alone", async (_name, chain) => {
    const runner = new Programs([chain], {});
    await firewall(runner).settle(true);
    expect(runner.ran).toEqual([]);
  });
});
