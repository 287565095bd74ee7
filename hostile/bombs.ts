import type { Random } from "../prove/random";

/** What a field may be given that wants to be something else: a command, an option, a path, a rule, another host's business. */
const TEXTS = [
  "web;id", "$(id)", "`id`", "a|b", "a&&b", "${IFS}", "-h", "--help", "-rf", "--conf-file=/etc/passwd", "-x", "../x", "..", ".", "a/b", "%2e%2e%2f", "..\\x", "/etc/shadow", "/dev/sda",
  '"\nflush ruleset', '"; flush ruleset; add table inet x', "x\" accept comment \"y", "}\nadd table ip x {", "@all", "$var", "a\nEOF\nreboot\n", "EOF", "'; drop table topology; --",
  "veth%d", "a%d", "x".repeat(16), "a".repeat(31), "a".repeat(129), "a".repeat(257), "a".repeat(4096), "a".repeat(4097), "a".repeat(20_000), "é".repeat(2048), "\u202Eabc", "a\u200Bb", "\uFEFFa", "e\u0301a",
  "wеb", "Web", "", " ", " a", "a ", "<script>", "<img src=x onerror=alert(1)>", "{{7*7}}", "%s%n", "\u001b[2J", "\u001b]52;c;eA==\u0007", "=cmd|'/c calc'!A1", "\ud800", "a\0b", "a\r\nb",
  "__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "null", "undefined", "true", "0", "-1", "NaN", "1e309",
  "host", "@host", "vpclab", "vpclab.host", "vpclab.internet", "lo", "eth0", "all", "default", "main", "internal", "internet", "local", "unmarked", "other-lab", "vpc-of-others",
];
const PREFIXES = [
  "0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.1/16", "010.0.0.0/16", "10.0.0.0/016", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0", "10/8", "0x0a000000/16", "167772160/16", "10.0.0.0/16; flush ruleset",
  "127.0.0.0/8", "127.0.0.0/16", "169.254.64.0/18", "169.254.169.254/32", "198.51.100.128/25", "203.0.113.0/24", "224.0.0.0/4", "255.255.255.255/32", "8.8.8.0/24", "100.64.0.0/16", "172.31.9.0/24",
  "::/0", "::ffff:10.0.0.0/112", "fe80::1%eth0/64", "localhost/8", "example.com/16", "10.0.0.0/16\n", "１０.0.0.0/16", "10.0.0.0/16/16", "0.0.0.0/32",
];
const ADDRESSES = ["10.0.1.0", "10.0.1.1", "10.0.1.2", "10.0.1.255", "0.0.0.0", "255.255.255.255", "127.0.0.1", "169.254.169.254", "10.1", "010.0.0.1", "0x7f000001", "::1", "8.8.8.8", "10.0.1.2 dev lo", "10.0.1.2;id", "10.0.1.2\n"];
const IDS = [
  "vpc-00000000", "vpc-ffffffffffffffffff", "subnet-../../etc", "i-00000001; id", "i-", "I-00000001", "sg-0000000\n", "acl-zzzzzzzz", "pcx-00000000000000001", "@host", "host", "unmarked", "__proto__", "i-00000001", "rtb-00000000",
  "00000000-0000-4000-8000-000000000000", "../../../../etc/cron.d/x", "..", "hostile",
];
const NUMBERS = [-1, 0, 1, 22, 53, 80, 1023, 1024, 32_766, 32_767, 65_535, 65_536, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER, 2 ** 53, -(2 ** 53), 1.5, 1e300, 0.1, -0];
const VALUES: readonly unknown[] = [null, true, false, [], {}, [[]], [null], { id: "x" }, { toString: "x" }, { length: 1e9 }, [1, 2, 3], "", 0];

/** Names, texts and numbers that are allowed, and as inconvenient as allowed ones may be. */
export const EXTREME_NAMES = [
  "a", "z".repeat(30), "a-", "a--b", "a-b-c-d-e-f-g-h-i-j-k-l-m-n-o", "host", "lo", "eth0", "all", "main", "default", "internal", "internet", "true", "null", "add", "delete", "flush", "table", "chain", "set", "jump",
  "accept", "drop", "ip", "nft", "netns", "exec", "sh", "root", "eof", "constructor", "uplink0", "vpclab", "other-lab", "vpc-of-others", "br-others", "vi-abcdefghij", "x0",
].filter((name) => /^[a-z][a-z0-9-]*$/.test(name) && name.length <= 30);
export const EXTREME_TEXTS = ['"; flush ruleset; add table inet x', "'; drop table topology; --", "<script>alert(1)</script>", "$(reboot)", "`id`", "{{7*7}}", "%s%n", "🙂".repeat(64), "EOF", "} accept #", "-rf /", "../../../etc/passwd"];

const listFor = (value: unknown): readonly unknown[] => {
  if (typeof value === "number") return NUMBERS;
  if (typeof value !== "string") return VALUES;
  if (/^[0-9.]+\/[0-9]+$/.test(value)) return PREFIXES;
  if (/^[0-9]+(?:\.[0-9]+){3}$/.test(value)) return ADDRESSES;
  if (/^[a-z]+-[0-9a-f]{8,}$/.test(value)) return IDS;
  return TEXTS;
};

const ANY: readonly (readonly unknown[])[] = [TEXTS, PREFIXES, ADDRESSES, IDS, NUMBERS, VALUES];

/** Something in the place of a value: mostly of its own sort, for what is of another sort falls at the first check. */
export const bombFor = (value: unknown, random: Random): unknown => random.pick(random.chance(0.8) ? listFor(value) : random.pick(ANY));
export const hostileText = (random: Random): string => random.pick(TEXTS);
export const hostileId = (random: Random): string => random.pick(IDS);
export const hostileNumber = (random: Random): number => random.pick(NUMBERS);
export const hostileValue = (random: Random): unknown => random.pick(random.pick(ANY));
