import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { promises } from "@vpclab/shared/analysis/promises";
import { topologyJsonSchema } from "@vpclab/shared/file/topology-file-schema";
import { seededRandom } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { readTopologyText } from "@vpclab/shared/text/read-topology-text";
import { jsonText } from "@vpclab/shared/text/topology-text";

const docs = new URL("../../../../docs/", import.meta.url);
const text = (name: string) => readFileSync(new URL(name, docs), "utf8");
const examples = readdirSync(new URL("examples/", docs)).filter((name) => /\.(ya?ml|json)$/.test(name));

function mustRead(source: string, name = "example.yaml"): Topology {
  const read = readTopologyText({ name, text: source }, { existing: null, random: seededRandom(1) });
  if (!read.ok) throw new Error(JSON.stringify(read.error.slice(0, 3), null, 1));
  expect(read.value.warnings).toEqual([]);
  return read.value.topology;
}

describe("the published files", () => {
  it.each(examples)("%s is valid, without hints, and names its schema", (name) => {
    expect(mustRead(text(`examples/${name}`)).vpcs.length).toBeGreaterThan(0);
    expect(text(`examples/${name}`)).toMatch(/^# yaml-language-server: \$schema=\.\.\/topology\.schema\.json\n/);
  });

  it("docs/topology.schema.json is what `vpcctl schema` prints", () => {
    expect(text("topology.schema.json"), "outdated: vpcctl schema > docs/topology.schema.json").toBe(jsonText(topologyJsonSchema()));
  });

  const blocks = [...text("topology-file.md").matchAll(/```(yaml|json)\n([\s\S]*?)```/g)].map(([, language = "", block = ""], i) => [`${language} ${i + 1}`, language, block] as const);
  it.each(blocks)("docs/topology-file.md, block %s is valid", (_what, language, block) => {
    mustRead(block, `block.${language}`);
  });
});

describe("three tiers", () => {
  const doc = mustRead(text("examples/three-tier.yaml"));
  const index = indexTopology(doc);
  const tier = (instanceId: string) => index.subnetById.get(index.instanceById.get(instanceId)?.subnetId ?? "")?.name ?? "";
  /** `from → to` of every pair that is promised to reach each other. */
  const open = (protocol: "tcp" | "icmp" | "udp", port: number | null) =>
    promises(doc, { publicPool: true }, { protocol, port }).filter(({ reachable }) => reachable).map(({ source, destination }) => {
      const name = (end: typeof source) => ("instanceId" in end ? tier(end.instanceId) : "internet");
      return `${name(source)} → ${name(destination)}`;
    }).sort();

  it("only the allowed ways are open", () => {
    expect(open("tcp", 8080)).toEqual(["internet → web"]);
    expect(open("tcp", 8000)).toEqual(["web → app"]);
    expect(open("tcp", 5432)).toEqual(["app → db"]);
    // Updates: out by the NAT gateway, never in.
    expect(open("tcp", 80)).toEqual(["db → internet"]);
    expect(open("tcp", 443)).toEqual(["db → internet"]);
    for (const port of [22, 8081, 5433]) expect(open("tcp", port)).toEqual([]);
    expect(open("icmp", null)).toEqual([]);
    expect(open("udp", 53)).toEqual([]);
  });

  it("is a page long", () => {
    expect(text("examples/three-tier.yaml").split("\n").length).toBeLessThanOrEqual(42);
  });
});
