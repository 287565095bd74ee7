import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FastProbe } from "../../src/probes/fast-probe";
import { sendProbes } from "../../src/probes/fast-probes";

const ALICE = { namespace: "alice", address: "192.0.2.1" };
const BOB = { namespace: "bob", address: "192.0.2.2" };
const PROTOCOLS = ["icmp", "tcp", "udp"] as const;
const WAIT = { waitMs: 200 };

const run = (line: string): void => void execFileSync("sh", ["-ec", line], { stdio: "pipe" });
/** Rules of bob's input hook, in place of those before. */
const bobFilters = (...rules: string[]): void => {
  run("ip netns exec bob nft flush ruleset");
  run(`ip netns exec bob nft 'table inet t { chain in { type filter hook input priority 0; ${rules.join("; ")}; }; }'`);
};

let sourcePort = 40_000;
const toBob = (protocol: FastProbe["protocol"], port = 80): FastProbe => ({
  protocol, source: ALICE, sourcePort: sourcePort++, to: { address: BOB.address, port: protocol === "icmp" ? 0 : port },
  target: { ...BOB, port: protocol === "icmp" ? 0 : port },
});
const outcomes = async (probes: FastProbe[]) => (await sendProbes(probes, WAIT)).map(({ outcome }) => outcome);

describe("fast probes", () => {
  beforeAll(() => run(`
    for name in alice bob eve; do
      ip netns add $name; ip -n $name link set lo up
      ip netns exec $name sysctl -qw net.ipv4.ping_group_range="0 2147483647"
    done
    for name in bob eve; do
      ip -n alice link add $name type veth peer name alice netns $name
      ip -n alice link set $name up; ip -n $name link set alice up
    done
    ip -n alice address add 192.0.2.1/24 dev bob; ip -n bob address add 192.0.2.2/24 dev alice; ip -n eve address add 198.51.100.2/32 dev alice
    ip -n eve route add 192.0.2.1 dev alice; ip -n alice route add 198.51.100.2 dev eve`));
  afterAll(() => run("for name in alice bob eve; do ip netns delete $name; done"));

  it("says of each packet alone whether it reached its target", async () => {
    bobFilters("tcp dport 81 drop", "udp dport 82 drop", "icmp type echo-request accept");
    expect(await outcomes([toBob("icmp"), toBob("tcp"), toBob("udp"), toBob("tcp", 81), toBob("udp", 81), toBob("tcp", 82), toBob("udp", 82)]))
      .toEqual(["reached", "reached", "reached", "timeout", "reached", "reached", "timeout"]);
  });

  it.each([["reject with icmpx type admin-prohibited", "EHOSTUNREACH"], ["meta l4proto tcp reject with tcp reset", "ECONNREFUSED"]])("knows a refusal (%s)", async (rule, error) => {
    bobFilters(rule);
    expect((await sendProbes([toBob("tcp")], WAIT))[0]).toEqual({ outcome: "refused", arrived: false, error });
  });

  it("knows that a datagram arrived whose answer was lost", async () => {
    bobFilters("accept");
    run("ip netns exec bob nft 'table inet t { chain out { type filter hook output priority 0; ip daddr 192.0.2.1 drop; }; }'");
    const answers = await sendProbes(PROTOCOLS.map((protocol) => toBob(protocol)), WAIT);
    expect(answers.map(({ outcome, arrived }) => [outcome, arrived])).toEqual([["timeout", true], ["timeout", false], ["timeout", true]]);
  });

  it("is not deceived by another machine that answers in the target's place", async () => {
    bobFilters("accept");
    const astray = PROTOCOLS.map((protocol): FastProbe => ({ ...toBob(protocol), to: { address: "198.51.100.2", port: protocol === "icmp" ? 0 : 80 } }));
    const listening = { ...toBob("tcp"), to: { address: "198.51.100.2", port: 80 }, target: { namespace: "eve", address: "198.51.100.2", port: 80 } };
    const answers = await sendProbes([...astray, listening], WAIT);
    expect(answers.map(({ outcome, error }) => [outcome, error])).toEqual([
      ["refused", "ELSEWHERE"], ["refused", "ELSEWHERE"], ["refused", "ECONNREFUSED"], ["reached", null],
    ]);
  });

  it("sends under another's address, too", async () => {
    bobFilters("ip saddr != 192.0.2.77 drop");
    const answers = await sendProbes([toBob("udp"), { ...toBob("udp"), forgedSource: "192.0.2.77" }, { ...toBob("udp"), forgedSource: "192.0.2.78" }], WAIT);
    expect(answers.map(({ arrived }) => arrived)).toEqual([false, true, false]);
  });

  it("is silenced by the sender's own packet filter like by any other", async () => {
    bobFilters("accept");
    run("ip netns exec alice nft 'table inet t { chain out { type filter hook output priority 0; policy drop; }; }'");
    expect(await outcomes(PROTOCOLS.map((protocol) => toBob(protocol)))).toEqual(["timeout", "timeout", "timeout"]);
    run("ip netns exec alice nft delete table inet t");
  });

  it("judges a thousand packets each by itself and leaves no descriptor open", async () => {
    bobFilters("tcp dport 1-100 drop");
    const before = readdirSync("/proc/self/fd").length;
    const probes = Array.from({ length: 1000 }, (_, index) => toBob(PROTOCOLS[index % 3] ?? "icmp", 1 + (index % 200)));
    const answers = await sendProbes(probes, WAIT);
    expect(answers.map(({ outcome }) => outcome)).toEqual(probes.map(({ protocol, to }) => (protocol === "tcp" && to.port <= 100 ? "timeout" : "reached")));
    expect(readdirSync("/proc/self/fd")).toHaveLength(before);
  });
});
