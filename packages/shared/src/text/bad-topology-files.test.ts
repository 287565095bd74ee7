import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/builders";
import { readTopologyText } from "./read-topology-text";

const read = (text: string, name = "lab.yaml") => readTopologyText({ name, text }, { existing: null, random: seededRandom(1) });
const vpc = (more: string) => `vpcs:\n  lab:\n    cidr: 10.0.0.0/16\n${more.split("\n").map((line) => `    ${line}`).join("\n")}\n`;
const subnet = (more: string) => vpc(`subnets:\n  web:\n    cidr: 10.0.1.0/24\n${more.split("\n").map((line) => `    ${line}`).join("\n")}`);
const group = (rule: string) => vpc(`securityGroups:\n  web:\n    ingress:\n      - ${rule}`);
const table = (route: string) => vpc(`routeTables:\n  main:\n    ${route}`);

/** What, text, the code and line that must be among those told, and words of the message. */
type Row = readonly [what: string, text: string, code: string, line: number, words: string];

/** Where the stack ends is the machine's business. */
const ANYWHERE = 0;

const SYNTAX: readonly Row[] = [
  ["an alias", "name: &a lab\nvpcs:\n  x: *a", "JSON_SYNTAX", 3, "Aliases"],
  ["a YAML bomb", `a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]`, "JSON_SYNTAX", 2, "Aliases"],
  ["an alias as key", "a: &a x\n*a : 1", "JSON_SYNTAX", 2, "key"],
  ["a merge key", "vpcs:\n  <<: {lab: {cidr: 10.0.0.0/16}}", "JSON_SYNTAX", 2, "Merge keys"],
  ["!!js/function", "name: !!js/function 'function(){}'", "JSON_SYNTAX", 1, "!!js/function"],
  ["!!binary", "name: !!binary aGFsbG8=", "JSON_SYNTAX", 1, "!!binary"],
  ["!!set", "vpcs: !!set {lab}", "JSON_SYNTAX", 1, "!!set"],
  ["!!python/object", "name: !!python/object:os.system x", "JSON_SYNTAX", 1, "!!python"],
  ["a local tag", "name: !env HOME", "JSON_SYNTAX", 1, "!env"],
  ["a directive", "%YAML 1.1\n---\nname: yes", "JSON_SYNTAX", 1, "Directives"],
  ["a key twice", "name: a\nname: b", "JSON_DUPKEY", 2, "second time"],
  ["a VPC twice", "vpcs:\n  lab: {cidr: 10.0.0.0/16}\n  lab: {cidr: 10.1.0.0/16}", "JSON_DUPKEY", 3, "lab"],
  ["a key twice, quoted once", "name: a\n\"name\": b", "JSON_DUPKEY", 2, "name"],
  ["two documents", "name: a\n---\nname: b", "JSON_SYNTAX", 2, "second document"],
  ["tabs", "vpcs:\n\tlab:\n", "JSON_SYNTAX", 2, "tab"],
  ["an open bracket", "vpcs: {lab: {cidr: 10.0.0.0/16}", "JSON_SYNTAX", 1, ""],
  ["an open quote", "name: \"lab", "JSON_SYNTAX", 1, "quote"],
  ["two colons", "name: lab: x", "JSON_SYNTAX", 1, "second"],
  ["a list as key", "? [a, b]\n: c", "JSON_SYNTAX", 1, "key"],
  ["20,000 brackets", "[".repeat(20_000), "JSON_LIMIT", 1, "levels"],
  ["a million brackets", "{a: ".repeat(250_000), "JSON_LIMIT", 1, "levels"],
  ["500,000 lists in lists", "- ".repeat(500_000), "JSON_LIMIT", 1, "levels"],
  ["1,400 levels, each on its line", Array.from({ length: 1400 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""), "JSON_LIMIT", 0, "levels"],
  ["__proto__", "__proto__:\n  name: x", "SCHEMA", 1, "__proto__"],
  ["__proto__ as a VPC", "vpcs:\n  __proto__: {cidr: 10.0.0.0/16}", "SCHEMA", 2, "__proto__"],
];

const SHAPE: readonly Row[] = [
  ["a text", "hello", "SCHEMA", 1, "keys with values"],
  ["a list", "- a", "SCHEMA", 1, "keys with values"],
  ["a number", "7", "SCHEMA", 1, "keys with values"],
  ["an unknown key", "vpc:\n  lab: {}", "SCHEMA", 1, "Did you mean “vpcs”"],
  ["a misspelt key", "vpcs:\n  lab:\n    cdir: 10.0.0.0/16", "SCHEMA", 3, "Did you mean “cidr”"],
  ["a key of another case", vpc("internetgateway: true"), "SCHEMA", 4, "Did you mean “internetGateway”"],
  ["a key of AWS", vpc("securitygroup: {}"), "SCHEMA", 4, "Did you mean “securityGroups”"],
  ["a key that nothing is near", vpc("colour: red"), "SCHEMA", 4, "Known: cidr"],
  ["constructor as a key", "constructor: {}", "SCHEMA", 1, "constructor"],
  ["toString in a subnet", subnet("toString: 1"), "SCHEMA", 7, "toString"],
  ["no cidr", "vpcs:\n  lab: {}", "SCHEMA", 2, "“cidr” is missing"],
  ["nothing behind a VPC", "vpcs:\n  lab:", "SCHEMA", 2, "keys with values"],
  ["a list of VPCs", "vpcs:\n  - name: lab", "SCHEMA", 1, "not a list"],
  ["cidr is a number", "vpcs:\n  lab:\n    cidr: 10", "SCHEMA", 3, "in quotes"],
  ["cidr is a list", "vpcs:\n  lab:\n    cidr: [10.0.0.0/16]", "SCHEMA", 3, "not a list"],
  ["yes for true", vpc("dns: yes"), "SCHEMA", 4, "true or false"],
  ["a port as a text", subnet("instances:\n  main: {webServer: \"80\"}"), "SCHEMA", 8, "whole number"],
  ["a port of 1.5", subnet("instances:\n  main: {webServer: 1.5}"), "SCHEMA", 8, "plain decimal"],
  ["a port in hex", subnet("instances:\n  main: {webServer: 0x50}"), "SCHEMA", 8, "0x50"],
  ["a port in octal", subnet("instances:\n  main: {webServer: 0o120}"), "SCHEMA", 8, "0o120"],
  ["a port with zeros before", subnet("instances:\n  main: {webServer: 00080}"), "SCHEMA", 8, "00080"],
  ["a port as 8e1", subnet("instances:\n  main: {webServer: 8e1}"), "SCHEMA", 8, "plain decimal"],
  ["port .inf", subnet("instances:\n  main: {webServer: .inf}"), "SCHEMA", 8, "plain decimal"],
  ["a huge number", subnet("instances:\n  main: {webServer: 99999999999999999999}"), "SCHEMA", 8, "plain decimal"],
  ["port 0", subnet("instances:\n  main: {webServer: 0}"), "PORT", 8, "no port"],
  ["port 65536", subnet("instances:\n  main: {webServer: 65536}"), "PORT", 8, "65536"],
  ["groups as one text", subnet("instances:\n  main: {groups: web}"), "SCHEMA", 8, "a list"],
  ["instances as a list", subnet("instances: [main]"), "SCHEMA", 7, "keys with values"],
  ["type unknown", subnet("type: pubic"), "SCHEMA", 7, "Did you mean “public”"],
  ["type and table", `${subnet("type: private\nrouteTable: main")}`, "SCHEMA", 7, "either"],
  ["status unknown", "vpcs:\n  a: {cidr: 10.0.0.0/16}\n  b: {cidr: 10.1.0.0/16}\npeerings:\n  - {between: a <-> b, status: on}", "SCHEMA", 5, "active"],
  ["peering without arrow", "peerings:\n  - a - b", "SCHEMA", 2, "<->"],
  ["published port without colon", subnet("instances:\n  main: {publishedPorts: [80]}"), "SCHEMA", 8, "in quotes"],
  ["published port that older YAML reads as minutes", subnet("instances:\n  main: {publishedPorts: [99:70000]}"), "PORT", 8, "70000"],
];

const VALUES: readonly Row[] = [
  ["a name in capitals", "name: Lab", "NAME_GRAMMAR", 1, "lower-case"],
  ["a name with shell characters", "name: 'web;id'", "NAME_GRAMMAR", 1, "no name"],
  ["a VPC name with a slash", "vpcs:\n  ../x: {cidr: 10.0.0.0/16}", "NAME_GRAMMAR", 2, "no name"],
  ["a name of 31 letters", `vpcs:\n  ${"a".repeat(31)}: {cidr: 10.0.0.0/16}`, "NAME_LENGTH", 2, "30"],
  ["a reserved name", "name: vpclab", "NAME_TAKEN", 1, "reserved"],
  ["octal cidr", "vpcs:\n  lab: {cidr: 010.0.0.0/8}", "CIDR_SYNTAX", 2, "plain decimal"],
  ["host bits", "vpcs:\n  lab: {cidr: 10.0.0.1/16}", "CIDR_NOT_CANONICAL", 2, "10.0.0.0/16"],
  ["a /8", "vpcs:\n  lab: {cidr: 10.0.0.0/8}", "PREFIX_RANGE", 2, "/16"],
  ["loopback", "vpcs:\n  lab: {cidr: 127.0.0.0/16}", "PREFIX_RESERVED", 2, "127"],
  ["IPv6", "vpcs:\n  lab: {cidr: 'fd00::/64'}", "CIDR_SYNTAX", 2, "IPv4"],
  ["a subnet outside", vpc("subnets:\n  web: {cidr: 10.1.0.0/24}"), "CIDR_OUTSIDE_VPC", 5, "10.0.0.0/16"],
  ["subnets that overlap", vpc("subnets:\n  a: {cidr: 10.0.1.0/24}\n  b: {cidr: 10.0.1.0/25}"), "CIDR_OVERLAP", 6, "overlaps"],
  ["an address outside", subnet("instances:\n  main: {address: 10.0.2.5}"), "ADDR_OUTSIDE_SUBNET", 8, "10.0.2.5"],
  ["the gateway's address", subnet("instances:\n  main: {address: 10.0.1.1}"), "ADDR_RESERVED", 8, "router"],
  ["no address", subnet("instances:\n  main: {address: here}"), "ADDR_SYNTAX", 8, "plain decimal"],
  ["an address twice", subnet("instances:\n  a: {address: 10.0.1.5}\n  b: {address: 10.0.1.5}"), "ADDR_TAKEN", 9, "already"],
  ["a full subnet", vpc(`subnets:\n  web:\n    cidr: 10.0.1.0/28\n    instances: {${Array.from({ length: 14 }, (_, i) => `i${i}: {}`).join(", ")}}`), "SUBNET_FULL", 7, "no free"],
  ["a rule without end", group("tcp 80"), "SCHEMA", 7, "from or to"],
  ["a rule the wrong way", group("tcp 80 to 0.0.0.0/0"), "SCHEMA", 7, "from"],
  ["a rule with a typo", group("tpc 80 from anywhere"), "SCHEMA", 7, "Did you mean “tcp”"],
  ["a service name for a port", group("tcp ssh from anywhere"), "PORT", 7, "ssh"],
  ["shell in a rule", group("tcp 80;id from anywhere"), "PORT", 7, "80;id"],
  ["ports backwards", group("tcp 90-80 from anywhere"), "PORT_RANGE", 7, "80-90"],
  ["ports for icmp", group("icmp 8 from anywhere"), "PORT_PROTOCOL", 7, "icmp"],
  ["a group that denies", group("deny tcp 22 from anywhere"), "SCHEMA", 7, "only allows"],
  ["a group that is not there", group("tcp 80 from group wev"), "REF_UNKNOWN", 7, "Did you mean “web”"],
  ["a bare address in a rule", group("tcp 80 from 10.0.0.1"), "CIDR_SYNTAX", 7, "10.0.0.1/32"],
  ["a host name in a rule", group("tcp 80 from example.com"), "CIDR_SYNTAX", 7, "example.com"],
  ["an unknown key in a rule", group("{protocol: tcp, prot: 80, from: anywhere}"), "SCHEMA", 7, "Did you mean"],
  ["from and to in a rule", group("{protocol: tcp, from: anywhere, to: anywhere}"), "SCHEMA", 7, "either"],
  ["a rule twice", vpc("securityGroups:\n  web:\n    ingress:\n      - tcp 80 from anywhere\n      - tcp 80 from 0.0.0.0/0"), "RULE_DUPLICATE", 8, "already"],
  ["a group in a firewall", subnet("firewall: {rules: [allow tcp 80 from group web]}"), "SCHEMA", 7, "prefix"],
  ["a firewall rule without action", subnet("firewall: {rules: [tcp 80 from anywhere]}"), "SCHEMA", 7, "allow or deny"],
  ["an ACL number twice", vpc("networkAcls:\n  edge:\n    ingress:\n      - 100 allow all from anywhere\n      - 100 deny icmp from anywhere"), "RULE_DUPLICATE", 8, "100"],
  ["an ACL number too large", vpc("networkAcls:\n  edge:\n    ingress: [40000 allow all from anywhere]"), "RULE_NUMBER", 6, "40000"],
  ["a route to nothing known", table("0.0.0.0/0: igw"), "ROUTE_TARGET", 6, "internet-gateway"],
  ["a route to a gateway that is not there", table("0.0.0.0/0: internet-gateway"), "REF_UNKNOWN", 6, "internetGateway: true"],
  ["a route to a NAT gateway that is not there", table("0.0.0.0/0: nat-gateway nat"), "REF_UNKNOWN", 6, "no NAT gateway"],
  ["a route with a bad destination", table("default: internet-gateway"), "CIDR_SYNTAX", 6, "plain decimal"],
  ["a route for the VPC itself", `${vpc("internetGateway: true\nrouteTables:\n  main:\n    10.0.0.0/16: internet-gateway")}`, "ROUTE_LOCAL", 7, "VPC itself"],
  ["public without internet gateway", subnet("type: public\nautoAssignPublicAddress: true").replace("cidr: 10.0.0.0/16\n", "cidr: 10.0.0.0/16\n    internetGateway: false\n"), "SCHEMA", 8, "not be public"],
  ["a table that is not there", subnet("routeTable: publik"), "REF_UNKNOWN", 7, "There are: main"],
  ["a peering with itself", "vpcs:\n  a: {cidr: 10.0.0.0/16}\npeerings:\n  - a <-> a", "PEER_SELF", 4, "itself"],
  ["a peering with nobody", "vpcs:\n  a: {cidr: 10.0.0.0/16}\npeerings:\n  - a <-> b", "REF_UNKNOWN", 4, "“b”"],
  ["peered VPCs that overlap", "vpcs:\n  a: {cidr: 10.0.0.0/16}\n  b: {cidr: 10.0.0.0/16}\npeerings:\n  - a <-> b", "PEER_OVERLAP", 5, "overlap"],
  ["a peering twice", "vpcs:\n  a: {cidr: 10.0.0.0/16}\n  b: {cidr: 10.1.0.0/16}\npeerings:\n  - a <-> b\n  - b <-> a", "PEER_DUPLICATE", 6, "already"],
  ["an Elastic IP of two", subnet("instances:\n  a: {elasticIp: one}\n  b: {elasticIp: one}"), "EIP_TAKEN", 9, "one"],
];

describe("a topology file with a mistake: the code, the line and what to do", () => {
  it.each([...SYNTAX, ...SHAPE, ...VALUES])("%s", (_what, text, code, line, words) => {
    const result = read(text);
    if (result.ok) throw new Error("it was read");
    expect(result.error.map((issue) => [issue.code, issue.position.line])).toContainEqual([code, line === ANYWHERE ? expect.any(Number) : line]);
    const told = result.error.filter((issue) => issue.code === code && (line === ANYWHERE || issue.position.line === line));
    expect(told.map((issue) => issue.message).join(" ")).toContain(words);
    expect(result.error.every(({ position }) => position.file === "lab.yaml" && position.column >= 1)).toBe(true);
  });

  it.each<Row>([
    ["a comma too many", `{"name": "lab",\n"vpcs": {},\n}`, "JSON_SYNTAX", 2, "comma"],
    ["a comment", `{\n// lab\n"name": "lab"}`, "JSON_SYNTAX", 2, ""],
    ["a key twice", `{"name": "lab",\n"name": "lab"}`, "JSON_DUPKEY", 2, "second"],
    ["an unknown key", `{\n  "vpc": {}}`, "SCHEMA", 2, "Did you mean “vpcs”"],
    ["no quotes", `{name: lab}`, "JSON_SYNTAX", 1, "double quotes"],
    ["empty", "", "JSON_SYNTAX", 1, "empty"],
  ])("as JSON: %s", (_what, text, code, line, words) => {
    const result = read(text, "lab.json");
    if (result.ok) throw new Error("it was read");
    expect(result.error.map((issue) => [issue.code, issue.position.line])).toContainEqual([code, line]);
    expect(result.error.map((issue) => issue.message).join(" ")).toContain(words);
  });

  it.each(["", "\n", "# nothing yet\n", "---\n", "null\n"])("as YAML: empty, as %j", (text) => {
    const result = read(text);
    if (result.ok) throw new Error("it was read");
    expect(result.error).toMatchObject([{ code: "SCHEMA", message: expect.stringContaining("empty") as string }]);
  });

  it("all that is wrong at once, in the order of the lines", () => {
    const result = read("name: Lab\nvpcs:\n  a: {cidr: 10.0.0.1/16}\n  b:\n    cdir: x\n    dns: yes\n");
    expect(result.ok ? [] : result.error.map(({ code, position }) => `${position.line}:${position.column} ${code}`))
      .toEqual(["1:1 NAME_GRAMMAR", "3:7 CIDR_NOT_CANONICAL", "4:3 SCHEMA", "5:5 SCHEMA", "6:5 SCHEMA"]);
  });

  it("names that are words elsewhere are names", () => {
    const result = read("vpcs:\n  no:\n    cidr: 10.0.0.0/16\n    subnets: {null: {cidr: 10.0.1.0/24}, true: {cidr: 10.0.2.0/24}, constructor: {cidr: 10.0.3.0/24}}\n");
    expect(result.ok && result.value.topology.subnets.map((each) => each.name).sort()).toEqual(["constructor", "null", "true"]);
  });
});
