import { describe, expect, it } from "vitest";
import { readPolicyText, type PolicySubject } from "./read-policy-text";

const SUBJECT: PolicySubject = { vpc: "prod", subnet: "public", subnetCidr: "10.0.1.0/24", subnetType: "public", defaultAction: null };
const read = (text: string, subject: Partial<PolicySubject> = {}, name = "policy.json") => readPolicyText(text, name, { ...SUBJECT, ...subject });

const ALLOW_80 = { direction: "ingress", action: "allow", protocol: "tcp", ports: { from: 80, to: 80 }, cidr: "0.0.0.0/0", description: "" };
const SHAPE_A = `{"vpc":"prod","subnet_type":"public","ingress":[{"port":8000,"protocol":"tcp","action":"allow"},{"port":22,"protocol":"tcp","action":"deny"}]}`;
const rule = (more: string) => `{"subnet": "10.0.1.0/24", "ingress": [\n  {"port": 80, "protocol": "tcp", "action": "allow"},\n  ${more}\n]}`;

function mustRead(text: string, subject: Partial<PolicySubject> = {}, name?: string) {
  const result = read(text, subject, name);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

describe("a policy of the older tools", () => {
  it("shape A: the rules in their order, what no rule names is denied, and a note says so", () => {
    const { firewall, notes } = mustRead(SHAPE_A);
    expect(firewall.rules.map(({ action, ports }) => [action, ports?.from])).toEqual([["allow", 8000], ["deny", 22]]);
    expect(firewall.defaults).toEqual({ ingress: "deny", egress: "allow" });
    expect(notes).toEqual(["No default is named: what no rule names is denied when it comes in, and allowed when it goes out; the file may name a “default”."]);
  });

  it("several under “policies”: the one for this subnet", () => {
    const other = SHAPE_A.replace(`"public"`, `"private"`).replace("8000", "9000");
    const text = `{"policies": [${other}, ${SHAPE_A}]}`;
    expect(mustRead(text).firewall.rules[0]?.ports).toEqual({ from: 8000, to: 8000 });
    expect(mustRead(text, { subnet: "private", subnetType: "private" }).firewall.rules[0]?.ports).toEqual({ from: 9000, to: 9000 });
  });

  it("shape B: by the subnet's range", () => {
    expect(mustRead(`{"subnet":"10.0.1.0/24","ingress":[{"port":80,"protocol":"tcp","action":"allow"}]}`).firewall.rules).toEqual([ALLOW_80]);
  });

  it("rules that say their direction each, as YAML, and a mode instead of a default", () => {
    const { firewall, notes } = mustRead("mode: permissive\nrules:\n  - {action: drop, protocol: tcp, port: 8080, direction: ingress}\n  - {action: drop, protocol: udp, port: 53, direction: outbound}\n", {}, "policy.yaml");
    expect(firewall.rules.map(({ action, direction, ports }) => [action, direction, ports?.from])).toEqual([["deny", "ingress", 8080], ["deny", "egress", 53]]);
    expect(firewall.defaults).toEqual({ ingress: "allow", egress: "allow" });
    expect(notes).toEqual([]);
  });

  it("a list of policies: the one for this subnet", () => {
    const of = (subnet: string, port: number) => ({ subnet, ingress: [{ port, protocol: "tcp", action: "allow" }] });
    expect(mustRead(JSON.stringify([of("10.0.9.0/24", 1), of("10.0.1.0/24", 2)])).firewall.rules[0]?.ports).toEqual({ from: 2, to: 2 });
  });

  it("a default of the command goes before that of the file, and is no secret", () => {
    const text = `{"default": "deny", "ingress": [{"port":80,"protocol":"tcp","action":"allow"}]}`;
    expect(mustRead(text).firewall.defaults.ingress).toBe("deny");
    expect(mustRead(text).notes).toEqual([]);
    expect(mustRead(text, { defaultAction: "allow" })).toMatchObject({ firewall: { defaults: { ingress: "allow" } }, notes: [expect.stringContaining("asked for")] });
  });

  it.each(["echo-request", "ping", 8, "8", "any"])("icmp_type %j is all that ICMP opens connections with, and a note says so", (type) => {
    const { firewall, notes } = mustRead(JSON.stringify({ default: "deny", ingress: [{ protocol: "icmp", icmp_type: type, action: "allow" }] }));
    expect(firewall.rules).toEqual([{ ...ALLOW_80, protocol: "icmp", ports: null }]);
    expect(notes).toEqual([expect.stringContaining("all of ICMP")]);
  });

  it.each(["echo-reply", 0, "time-exceeded", 3])("allowing icmp_type %j needs no rule, and a note says so", (type) => {
    const { firewall, notes } = mustRead(JSON.stringify({ default: "deny", ingress: [{ port: 80, protocol: "tcp", action: "allow" }, { protocol: "icmp", icmp_type: type, action: "allow" }] }));
    expect(firewall.rules).toEqual([ALLOW_80]);
    expect(notes).toEqual([expect.stringContaining("needs no rule")]);
  });

  it("a rule that only logs decides nothing; one that also logs decides; both are counted, and a note says so", () => {
    const { firewall, notes } = mustRead(JSON.stringify({ default: "deny", ingress: [{ port: 22, protocol: "tcp", action: "LOG" }, { port: 80, protocol: "tcp", action: "allow", log: true }] }));
    expect(firewall.rules).toEqual([ALLOW_80]);
    expect(notes).toEqual([expect.stringContaining("counter")]);
  });

  const rows: readonly (readonly [string, string, object])[] = [
    ["source", `"source": "10.0.0.0/16"`, { cidr: "10.0.0.0/16" }],
    ["source, one address", `"source": "10.0.0.7"`, { cidr: "10.0.0.7/32" }],
    ["source any", `"source": "any"`, { cidr: "0.0.0.0/0" }],
    ["description", `"description": "web"`, { description: "web" }],
  ];
  it.each(rows)("%s", (_what, more, expected) => {
    expect(mustRead(`{"ingress":[{"port":80,"protocol":"tcp","action":"allow",${more}}]}`).firewall.rules[0]).toMatchObject(expected);
  });

  it.each([
    [`"8000-8010"`, { from: 8000, to: 8010 }], [`"8000:8010"`, { from: 8000, to: 8010 }], [`"443"`, { from: 443, to: 443 }], [`"all"`, null], ["65535", { from: 65535, to: 65535 }],
  ])("port %s", (port, ports) => {
    expect(mustRead(`{"ingress":[{"port":${port},"protocol":"udp","action":"DROP"}]}`).firewall.rules[0]).toMatchObject({ protocol: "udp", action: "deny", ports });
  });

  it("icmp has no port; reject is read as deny, with a note; egress rules name destinations", () => {
    const { firewall, notes } = mustRead(`{"ingress":[{"protocol":"icmp","action":"reject"}],"egress":[{"protocol":"any","action":"allow","destination":"10.0.2.0/24"}]}`);
    expect(firewall.rules).toEqual([
      { direction: "ingress", action: "deny", protocol: "icmp", ports: null, cidr: "0.0.0.0/0", description: "" },
      { direction: "egress", action: "allow", protocol: "all", ports: null, cidr: "10.0.2.0/24", description: "" },
    ]);
    expect(firewall.defaults).toEqual({ ingress: "deny", egress: "deny" });
    expect(notes.join(" ")).toContain("reject is read as deny");
  });

  it("no rules at all is a policy, and a note says what it does", () => {
    expect(mustRead(`{"subnet":"public","ingress":[]}`).notes.join(" ")).toContain("everything that comes in is denied");
  });

  it("a YAML file of the same words is read, too", () => {
    expect(mustRead("ingress:\n  - {port: 80, protocol: tcp, action: allow}\n", {}, "policy.yaml").firewall.rules).toEqual([ALLOW_80]);
  });
});

describe("a policy with a mistake is refused whole, with the line", () => {
  const PROTO = `"protocol": "tcp", "action": "allow"`;
  const rows: readonly (readonly [what: string, text: string, code: string, line: number, words: string])[] = [
    ["empty file", "", "JSON_SYNTAX", 1, "empty"],
    ["no JSON", "hello", "JSON_SYNTAX", 1, "no JSON"],
    ["a list", "[1]", "SCHEMA", 1, "object in braces"],
    ["a number", "7", "SCHEMA", 1, "object in braces"],
    ["null", "null", "SCHEMA", 1, "object in braces"],
    ["trailing comma", `{"ingress": [\n {"port": 80, ${PROTO}},\n]}`, "JSON_SYNTAX", 2, "comma"],
    ["comment", `{\n# web\n"ingress": []}`, "JSON_SYNTAX", 2, "comments"],
    ["single quotes", `{'ingress': []}`, "JSON_SYNTAX", 1, "double quotes"],
    ["keys without quotes", `{ingress: []}`, "JSON_SYNTAX", 1, "double quotes"],
    ["ends too early", `{"ingress": [\n{"port": 80`, "JSON_SYNTAX", 2, ""],
    ["duplicate key", `{"ingress": [],\n "ingress": []}`, "JSON_DUPKEY", 2, "second time"],
    ["duplicate key by escape", `{"vpc": "prod",\n "\\u0076pc": "prod", "ingress": []}`, "JSON_DUPKEY", 2, "second time"],
    ["duplicate key in a rule", rule(`{"port": 80, "port": 81, ${PROTO}}`), "JSON_DUPKEY", 3, "port"],
    ["unknown key", `{\n"ingres": []}`, "SCHEMA", 2, "“ingress”"],
    ["unknown key of a rule", rule(`{"prot": 80, ${PROTO}}`), "SCHEMA", 3, "Did you mean"],
    ["neither ingress nor egress", `{"subnet": "10.0.1.0/24"}`, "SCHEMA", 1, "ingress"],
    ["ingress is an object", `{"ingress": {}}`, "SCHEMA", 1, "list of rules"],
    ["ingress is null", `{"ingress": null}`, "SCHEMA", 1, "list of rules"],
    ["a rule is a text", rule(`"tcp 80"`), "SCHEMA", 3, "object in braces"],
    ["a rule is null", rule("null"), "SCHEMA", 3, "object in braces"],
    ["no protocol", rule(`{"port": 80, "action": "allow"}`), "SCHEMA", 3, "“protocol” is missing"],
    ["no action", rule(`{"port": 80, "protocol": "tcp"}`), "SCHEMA", 3, "“action” is missing"],
    ["no port", rule(`{${PROTO}}`), "SCHEMA", 3, "“port” is missing"],
    ["unknown icmp_type", rule(`{"protocol": "icmp", "icmp_type": "redirect", "action": "allow"}`), "SCHEMA", 3, "use echo-request"],
    ["denied answers", rule(`{"protocol": "icmp", "icmp_type": "echo-reply", "action": "deny"}`), "SCHEMA", 3, "deny echo-request instead"],
    ["icmp_type of tcp", rule(`{"port": 80, "protocol": "tcp", "icmp_type": 8, "action": "allow"}`), "SCHEMA", 3, "leave it away for tcp"],
    ["a list of types", rule(`{"protocol": "icmp", "icmp_type": [8], "action": "allow"}`), "SCHEMA", 3, "not a list"],
    ["unknown protocol", rule(`{"port": 80, "protocol": "tpc", "action": "allow"}`), "SCHEMA", 3, "Did you mean “tcp”"],
    ["protocol number", rule(`{"port": 80, "protocol": 6, "action": "allow"}`), "SCHEMA", 3, "text in quotes"],
    ["unknown action", rule(`{"port": 80, "protocol": "tcp", "action": "alow"}`), "SCHEMA", 3, "Did you mean “allow”"],
    ["action of another world", rule(`{"port": 80, "protocol": "tcp", "action": "toString"}`), "SCHEMA", 3, "no action"],
    ["action true", rule(`{"port": 80, "protocol": "tcp", "action": true}`), "SCHEMA", 3, "text in quotes"],
    ["shell in a port", rule(`{"port": "80; id", ${PROTO}}`), "PORT", 3, "80; id"],
    ["substitution in a port", rule(`{"port": "$(id)", ${PROTO}}`), "PORT", 3, "no port"],
    ["port 0", rule(`{"port": 0, ${PROTO}}`), "PORT", 3, "1 to 65535"],
    ["port 65536", rule(`{"port": 65536, ${PROTO}}`), "PORT", 3, "1 to 65535"],
    ["negative port", rule(`{"port": -1, ${PROTO}}`), "PORT", 3, "“-1”"],
    ["port 1.5", rule(`{"port": 1.5, ${PROTO}}`), "SCHEMA", 3, "plain decimal"],
    ["port 8e1", rule(`{"port": 8e1, ${PROTO}}`), "SCHEMA", 3, "plain decimal"],
    ["port 0x50", rule(`{"port": "0x50", ${PROTO}}`), "PORT", 3, "no port"],
    ["port 00080", rule(`{"port": "00080", ${PROTO}}`), "PORT", 3, "no port"],
    ["port ssh", rule(`{"port": "ssh", ${PROTO}}`), "PORT", 3, "no port"],
    ["ports backwards", rule(`{"port": "90-80", ${PROTO}}`), "PORT_RANGE", 3, "80-90"],
    ["a list of ports", rule(`{"port": [80, 81], ${PROTO}}`), "SCHEMA", 3, "not a list"],
    ["a port for icmp", rule(`{"port": 8, "protocol": "icmp", "action": "allow"}`), "PORT_PROTOCOL", 3, "leave"],
    ["host bits in a source", rule(`{"port": 80, ${PROTO}, "source": "10.0.0.1/16"}`), "CIDR_NOT_CANONICAL", 3, "10.0.0.0/16"],
    ["octal source", rule(`{"port": 80, ${PROTO}, "source": "010.0.0.0/8"}`), "CIDR_SYNTAX", 3, "plain decimal"],
    ["host name as source", rule(`{"port": 80, ${PROTO}, "source": "example.com"}`), "CIDR_SYNTAX", 3, "plain decimal"],
    ["IPv6 source", rule(`{"port": 80, ${PROTO}, "source": "::/0"}`), "CIDR_SYNTAX", 3, "plain decimal"],
    ["destination of an ingress rule", rule(`{"port": 80, ${PROTO}, "destination": "10.0.0.0/8"}`), "SCHEMA", 3, "source"],
    ["another subnet's range", `{\n"subnet": "10.0.2.0/24", "ingress": []}`, "REF_UNKNOWN", 2, "10.0.1.0/24"],
    ["another VPC", `{\n"vpc": "dev", "ingress": []}`, "REF_UNKNOWN", 2, "dev"],
    ["another type", `{\n"vpc": "prod",\n"subnet_type": "private", "ingress": []}`, "REF_UNKNOWN", 3, "private"],
    ["subnet is a number", `{"subnet": 10, "ingress": []}`, "SCHEMA", 1, "text in quotes"],
    ["unknown default", `{"default": "open", "ingress": []}`, "SCHEMA", 1, "no action"],
    ["no policies", `{"policies": []}`, "SCHEMA", 1, "no policy"],
    ["policies is an object", `{"policies": {}}`, "SCHEMA", 1, "list in brackets"],
    ["policies beside ingress", `{"policies": [{"ingress": []}],\n"ingress": []}`, "SCHEMA", 2, "ingress"],
    ["none of several fits", `{"policies": [{"vpc":"a","ingress":[]},{"vpc":"b","ingress":[]}]}`, "REF_UNKNOWN", 1, "None of the 2"],
    ["two of several fit", `{"policies": [{"vpc":"prod","ingress":[]},\n{"vpc":"prod","ingress":[]}]}`, "RULE_DUPLICATE", 2, "second policy"],
    ["a mistake in another policy of the file", `{"policies": [{"vpc":"prod","ingress":[]},\n{"vpc":"b","ingress":[{"port":1}]}]}`, "SCHEMA", 2, "missing"],
    ["101 rules", `{"ingress": [${Array.from({ length: 101 }, () => `{"port": 80, ${PROTO}}`).join(",\n")}]}`, "LIMIT_RULES", 101, "at most 100"],
    ["__proto__", `{"__proto__": {"ingress": []}}`, "SCHEMA", 1, "__proto__"],
    ["deep", `{"ingress": ${"[".repeat(5000)}`, "JSON_LIMIT", 1, "levels"],
    ["two documents", `{"ingress": []}\n---\n{"ingress": []}`, "JSON_SYNTAX", 2, "second document"],
  ];
  it.each(rows)("%s", (_what, text, code, line, words) => {
    const result = read(text);
    if (result.ok) throw new Error("it was read");
    expect(result.error.map((issue) => [issue.code, issue.position.line])).toContainEqual([code, line]);
    expect(result.error.map((issue) => issue.message).join(" ")).toContain(words);
    expect(result.error[0]?.position.file).toBe("policy.json");
  });

  it("all mistakes at once", () => {
    const result = read(`{"vpc": "prod", "ingress": [\n{"port": 0, "protocol": "tcp", "action": "alow"},\n{"prot": 1}]}`);
    expect(result.ok ? [] : result.error.map((issue) => issue.position.line)).toEqual([2, 2, 3, 3, 3]);
  });
});
