import { describe, expect, it } from "vitest";
import { ruleText, tableText } from "./render-nft";
import { ACCEPT, cameInBy, COUNT, DROP, from, isReply, notFrom, rule, to } from "./nft-rule";

describe("rule sets as text", () => {
  it("reads like nft(8)", () => {
    expect(ruleText(rule("a", cameInBy("br-a", "br-b"), notFrom("10.0.0.0/16"), COUNT, DROP)))
      .toBe('iifname { br-a, br-b } ip saddr != 10.0.0.0/16 counter drop comment "a"');
    expect(ruleText(rule("b", isReply, ACCEPT))).toBe('ct state established,related accept comment "b"');
    expect(ruleText(rule("c", from("10.0.0.1/32"), to("10.0.0.0/8", "10.1.1.1"), ACCEPT)))
      .toBe('ip saddr 10.0.0.1 ip daddr { 10.0.0.0/8, 10.1.1.1 } accept comment "c"');
  });

  it.each(['a" ; flush ruleset', "a\nflush ruleset", "a b", "", "a;b", "{", "$x"])("never lets %j through as a name", (text) => {
    expect(() => ruleText(rule(text, ACCEPT))).toThrow();
    expect(() => ruleText(rule("ok", cameInBy(text), ACCEPT))).toThrow();
    const chain = { name: text, type: "filter", hook: "input", priority: 0, policy: "drop", rules: [] } as const;
    expect(() => tableText({ name: "vpclab", counters: [], sets: [], chains: [chain] })).toThrow();
  });

  it("a match on no values is refused, because it would match everything or nothing", () => {
    expect(() => cameInBy()).toThrow();
  });
});
