import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridTopology, peeredLab, seededRandom } from "../testing/builders";
import { fullLab } from "../testing/full-lab";
import { randomTopology } from "../testing/random-topology";
import type { Topology } from "../topology/topology";
import { quoted } from "./hcl";
import { type ArgumentKind, AWS_SCHEMA, EXACTLY_ONE, META_ARGUMENTS, NESTED, type ResourceSchema } from "../testing/aws-provider-schema";
import { parseHcl, type ParsedBlock } from "../testing/parse-hcl";
import { terraformText } from "./terraform-text";

/** What an expression is, as far as its text tells; a reference fits wherever the provider tells a string, because ids are all that is referred to. */
function kindOf(expression: string): ArgumentKind {
  if (expression === "true" || expression === "false") return "bool";
  if (/^-?[0-9]+$/.test(expression)) return "number";
  return expression.startsWith("[") ? "list" : expression.startsWith("{") ? "map" : "string";
}

/** Every argument is one that the provider knows, of its kind, and all that must be there are. */
function fits(where: string, { arguments: args, blocks }: Pick<ParsedBlock, "arguments" | "blocks">, { required, kindOf: known }: ResourceSchema): void {
  for (const name of required) expect(args, where).toHaveProperty(name);
  for (const [name, expression] of Object.entries(args)) {
    if (META_ARGUMENTS.has(name)) continue;
    expect(`${where} ${name}: ${kindOf(expression)}`).toBe(`${where} ${name}: ${known.get(name) ?? "unknown to the provider"}`);
  }
  for (const nested of blocks) {
    expect(known.get(nested.type), `${where} ${nested.type}`).toBe("blocks");
    expect(nested.labels).toEqual([]);
    fits(`${where} ${nested.type}`, nested, NESTED[`${where.split(".")[0]} ${nested.type}`]!);
  }
}

/** What the provider's documentation says beyond its schema. */
function documented(where: string, type: string, args: ParsedBlock["arguments"]): void {
  for (const names of EXACTLY_ONE[type] ?? []) expect(names.filter((name) => name in args), where).toHaveLength(1);
  if (/^aws_vpc_security_group_/.test(type)) {
    // Ports go with every protocol but “all”, and are not to be there with it.
    expect(["from_port" in args, "to_port" in args], where).toEqual(args.ip_protocol === '"-1"' ? [false, false] : [true, true]);
  }
  if (type === "aws_security_group") expect(args.name, where).toMatch(/^"(?!sg-)[^"]{1,255}"$/);
  if (type === "aws_nat_gateway") expect("allocation_id" in args, where).toBe(args.connectivity_type === '"public"');
  for (const name of ["description"]) if (name in args) expect(args[name], where).toMatch(/^"[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*?]{1,255}"$/);
}

/** The resources of a text, which must be one that Terraform could read: every reference declared, no name twice, and nothing in it that its provider does not take. */
function judged(text: string): ParsedBlock[] {
  const blocks = parseHcl(text);
  const resources = blocks.filter(({ type }) => type === "resource");
  const addresses = resources.map(({ labels }) => labels.join("."));
  expect(new Set(addresses).size).toBe(addresses.length);
  const declared = new Set([...addresses, ...blocks.filter(({ type }) => type === "variable").map(({ labels }) => `var.${labels[0]}`)]);
  for (const resource of resources) {
    const [type = "", name = ""] = resource.labels;
    expect(name).toMatch(/^[a-z_][a-z0-9_-]*$/);
    const schema = AWS_SCHEMA.get(type);
    if (!schema) throw new Error(`the provider has no ${type}`);
    fits(addressOf(resource), resource, schema);
    documented(addressOf(resource), type, resource.arguments);
    for (const expression of Object.values(resource.arguments)) {
      for (const [reference] of expression.replace(/"(?:[^"\\]|\\.)*"/g, "").matchAll(/(?:aws_[a-z_]+|var)\.[a-z0-9_-]+/g)) expect(declared, resource.labels.join(".")).toContain(reference);
    }
  }
  return resources;
}

const addressOf = ({ labels }: ParsedBlock): string => labels.join(".");
const ofType = (resources: readonly ParsedBlock[], type: string) => resources.filter(({ labels }) => labels[0] === type);

describe("a topology as Terraform", () => {
  it("over random topologies: readable, every reference declared, one resource for each object", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (seed) => {
      const doc = randomTopology(seededRandom(seed));
      const resources = judged(terraformText(doc, "lab"));
      const count = (type: string) => ofType(resources, type).length;
      expect([count("aws_vpc"), count("aws_subnet"), count("aws_instance"), count("aws_nat_gateway"), count("aws_eip"), count("aws_security_group"), count("aws_route_table"), count("aws_internet_gateway")])
        .toEqual([doc.vpcs, doc.subnets, doc.instances, doc.natGateways, doc.elasticIps, doc.securityGroups, doc.routeTables, doc.internetGateways].map(({ length }) => length));
      expect(count("aws_route")).toBe(doc.routeTables.flatMap(({ routes }) => routes).filter(({ target }) =>
        target.kind !== "gone" && (target.kind !== "peering" || doc.peerings.some(({ id, status }) => id === target.id && (status === "active" || status === "pending-acceptance")))).length);
      expect(count("aws_route_table_association")).toBe(doc.subnets.length);
    }), { numRuns: 60 });
  }, 60_000);

  it("the lab with one of everything, line by line where it matters", () => {
    const resources = judged(terraformText(fullLab(), "lab"));
    const find = (type: string, name: string) => resources.find(({ labels }) => labels[0] === type && labels[1] === name)?.arguments;
    expect(find("aws_nat_gateway", "vpc1_public_nat")).toMatchObject({ subnet_id: "aws_subnet.vpc1_public.id", connectivity_type: '"public"', allocation_id: "aws_eip.nat-eip.id" });
    expect(find("aws_eip", "web-eip")).toMatchObject({ instance: "aws_instance.vpc1_public_main.id" });
    expect(find("aws_route", "vpc1_nat_0-0-0-0-0")).toMatchObject({ nat_gateway_id: "aws_nat_gateway.vpc1_public_nat.id" });
    expect(find("aws_route", "vpc1_nat_203-0-113-0-24")).toMatchObject({ network_interface_id: "aws_instance.vpc1_public_fw.primary_network_interface_id" });
    expect(find("aws_security_group", "vpc1_default")).toMatchObject({ name: '"vpc1-default"' });
    expect(find("aws_instance", "vpc1_public_fw")).toMatchObject({ source_dest_check: "false", ami: "var.ami" });
    // .2 and .3 are AWS's own.
    expect(find("aws_instance", "vpc1_public_main")).not.toHaveProperty("private_ip");
    expect(find("aws_vpc_peering_connection", "vpc1-vpc2")).toMatchObject({ auto_accept: "true" });
  });

  it("says what has no counterpart, and never breaks out of a text or a comment", () => {
    const doc: Topology = structuredClone(peeredLab());
    const [group] = doc.securityGroups;
    if (!group?.rules[0]) throw new Error("no rule");
    group.description = 'x" } ${file("/etc/passwd")} %{ if';
    group.rules[0].description = "a\\\"${b}";
    doc.settings.note = "resource \"aws_vpc\" \"evil\" {}";
    const text = terraformText(doc, "lab\n}");
    const resources = judged(text);
    expect(ofType(resources, "aws_vpc")).toHaveLength(2);
    expect(text).not.toMatch(/[^$]\$\{/);
    expect(text).toMatch(/^# [\s\S]*a subnet's own firewall/);
    expect(quoted('a"b\\c\n${d} %{e}')).toBe('"a\\"b\\\\c\\n$${d} %%{e}"');
  });

  it.each([
    ["an escape that HCL does not know", 'a = "\\x41"'], ["a template that begins in a text", 'a = "${b}"'], ["an argument without a value", "a ="], ["two on a line", "a = 1 b = 2"],
    ["a name that is none", "1a = 2"], ["a list without its end", "a = [1, 2"], ["an argument twice", "a = 1\n  a = 2"], ["a text without its end", 'a = "b'],
    ["a call that nothing here writes", "a = file(\"x\")"],
  ])("the reader of this test refuses %s", (_name, line) => {
    expect(parseHcl('resource "a" "b" {\n  c = 1\n}\n')).toHaveLength(1);
    expect(() => parseHcl(`resource "a" "b" {\n  ${line}\n}\n`)).toThrow();
  });

  it.each([
    ["aws_subnet", { vpc_id: "aws_vpc.a.id", cidr: '"10.0.0.0/24"' }], ["aws_subnet", { cidr_block: '"10.0.0.0/24"' }], ["aws_subnet", { vpc_id: "aws_vpc.a.id", map_public_ip_on_launch: '"yes"' }],
  ])("and its table refuses a wrong %s", (type, args) => expect(() => fits(`${type}.x`, { arguments: args, blocks: [] }, AWS_SCHEMA.get(type)!)).toThrow());

  it("a large one takes no time", () => {
    const start = performance.now();
    expect(ofType(judged(terraformText(gridTopology({ vpcs: 10, subnetsPerVpc: 10, instancesPerSubnet: 5 }), "lab")), "aws_instance")).toHaveLength(500);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
