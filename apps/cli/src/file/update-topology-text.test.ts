import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridTopology, seededRandom } from "@vpclab/shared/testing/builders";
import { randomEdit } from "@vpclab/shared/testing/random-edit";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import { writeTopologyFile } from "@vpclab/shared/file/write-topology-file";
import { applyEdit } from "@vpclab/shared/topology/edit";
import { newSubnet } from "@vpclab/shared/topology/new-object";
import { inOrder } from "@vpclab/shared/topology/order";
import type { Topology } from "@vpclab/shared/topology/topology";
import { readTopologyText } from "@vpclab/shared/text/read-topology-text";
import { jsonText, yamlText } from "@vpclab/shared/text/topology-text";
import { updateTopologyText } from "@vpclab/shared/text/update-topology-text";

const random = seededRandom(3);
const EXAMPLE = { name: "three-tier.yaml", text: readFileSync(new URL("../../../../docs/examples/three-tier.yaml", import.meta.url), "utf8") };

function mustRead(text: string, existing: Topology | null = null, name = "lab.yaml"): Topology {
  const read = readTopologyText({ name, text }, { existing, random });
  if (!read.ok) throw new Error(JSON.stringify(read.error.slice(0, 3)));
  return read.value.topology;
}
const lines = (text: string) => text.split("\n");

describe("a topology in a file's text", () => {
  it("random ones come back through YAML and through JSON", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (seed) => {
      const doc = randomTopology(seededRandom(seed));
      expect(mustRead(yamlText(writeTopologyFile(doc, "no")), doc)).toEqual(doc);
      expect(mustRead(jsonText(writeTopologyFile(doc, "no")), doc, "lab.json")).toEqual(doc);
    }), { numRuns: 10 });
  });

  it("a lab of the largest size, also as JSON on one line", () => {
    const doc = inOrder(gridTopology({ vpcs: 50, subnetsPerVpc: 4, instancesPerSubnet: 5, rulesPerGroup: 2 }));
    const value = writeTopologyFile(doc, "large");
    expect(mustRead(yamlText(value), doc)).toEqual(doc);
    expect(mustRead(JSON.stringify(value), doc, "large.json")).toEqual(doc);
  });

  it("what older YAML readers would misread is in quotes", () => {
    expect(yamlText({ name: "no", ports: ["22:22"], a: "010", yes: 1 })).toBe(`name: "no"\nports:\n  - "22:22"\na: "010"\n"yes": 1\n`);
  });
});

describe("export into a file that is there", () => {
  it("changes not a letter where nothing differs, however little the file says", () => {
    const doc = mustRead(EXAMPLE.text);
    expect(updateTopologyText(EXAMPLE, doc, "three-tier", random)).toEqual({ text: EXAMPLE.text, kept: true });
  });

  it("changes the lines that differ and keeps comments and order", () => {
    const doc = structuredClone(mustRead(EXAMPLE.text));
    const web = doc.instances.find((instance) => instance.webServer?.port === 8080);
    if (web) web.webServer = { port: 8081 };
    const { text, kept } = updateTopologyText(EXAMPLE, doc, "three-tier", random);
    expect(kept).toBe(true);
    expect(lines(text)).toHaveLength(lines(EXAMPLE.text).length);
    expect(lines(text).filter((line, i) => line !== lines(EXAMPLE.text)[i])).toEqual(["          main: {webServer: 8081, groups: [web]}"]);
  });

  it("keeps them for a document whose keys stand in another order, as gestures make them", () => {
    const doc = mustRead(EXAMPLE.text);
    const instances = doc.instances.map((instance) => Object.fromEntries(Object.entries({ ...instance, webServer: { port: 8081 } }).reverse()) as typeof instance);
    const { text, kept } = updateTopologyText(EXAMPLE, { ...doc, instances }, "three-tier", random);
    expect(kept).toBe(true);
    expect(text).toContain("# out by the NAT gateway, never in");
    expect(text).toContain("webServer: 8081");
  });

  it("a new subnet is added at its place, a removed one goes with its own comment only", () => {
    const doc = mustRead(EXAMPLE.text);
    const made = newSubnet(doc, doc.vpcs[0]?.id ?? "", "private", random);
    const edited = made.ok ? applyEdit(doc, made.value.command) : null;
    if (!edited?.ok) throw new Error("not added");
    const { text, kept } = updateTopologyText(EXAMPLE, edited.value.document, "three-tier", random);
    expect(kept).toBe(true);
    expect(text).toContain("# out by the NAT gateway, never in");
    expect(mustRead(text, edited.value.document)).toEqual(edited.value.document);
    const back = updateTopologyText({ ...EXAMPLE, text }, doc, "three-tier", random);
    expect(mustRead(back.text, doc)).toEqual(doc);
    expect(back.text).toContain("# A web shop in three tiers.");
  });

  it("after any edits: the file means the new topology, and comments elsewhere stay", () => {
    let kept = 0;
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (seed) => {
      const bytes = seededRandom(seed);
      const before = randomTopology(bytes);
      let after = before;
      for (let n = 0; n < 3; n++) after = randomEdit(after, bytes).document;
      const text = `# first line\n${yamlText(writeTopologyFile(before, "lab"))}# last line\n`;
      const updated = updateTopologyText({ name: "lab.yaml", text }, after, "lab", random);
      expect(mustRead(updated.text, after)).toEqual(after);
      if (updated.kept) {
        kept++;
        expect(updated.text).toContain("# first line");
      }
    }), { numRuns: 12 });
    expect(kept).toBe(12);
  });

  it("a file that cannot be read is written anew", () => {
    const doc = mustRead(EXAMPLE.text);
    expect(updateTopologyText({ name: "x.yaml", text: "vpcs: [" }, doc, null, random)).toEqual({ text: yamlText(writeTopologyFile(doc, null)), kept: false });
  });
});
