import { describe, expect, it } from "vitest";
import { seededRandom, twoVpcLab } from "@vpclab/shared/testing/builders";
import { writeTopologyFile } from "@vpclab/shared/file/write-topology-file";
import { jsonText, yamlText } from "@vpclab/shared/text/topology-text";
import type { Topology } from "@vpclab/shared/topology/topology";
import { parseTopologyFile, topologyText } from "./topology-file";

const random = seededRandom(1);

describe("a topology as a file", () => {
  it("comes back as it was written", () => {
    const file = { name: "lab", document: twoVpcLab(), layout: { "vpc-00000000aaaa": { x: 1, y: 2 } } };
    expect(parseTopologyFile(topologyText(file), "anything.json", random)).toEqual(file);
  });

  it("may be the bare document, which is then named after the file", () => {
    expect(parseTopologyFile(JSON.stringify(twoVpcLab()), "2 My Lab.vpclab.json", random)).toEqual({ name: "my-lab", document: twoVpcLab() });
  });

  it("says so in words when it is no JSON", () => {
    expect(() => parseTopologyFile("{", "broken.json", random)).toThrow(/broken\.json is not valid JSON/);
  });

  it.each([["lab.yaml", yamlText], ["lab.yml", yamlText], ["lab.json", jsonText]])("may be a topology file, as %s", (fileName, write) => {
    const file = parseTopologyFile(write(writeTopologyFile(twoVpcLab(), "shop")), fileName, random);
    expect(file.name).toBe("shop");
    expect(writeTopologyFile(file.document as Topology, "shop")).toEqual(writeTopologyFile(twoVpcLab(), "shop"));
    expect(parseTopologyFile(write(writeTopologyFile(twoVpcLab(), null)), fileName, random).name).toBe("lab");
  });

  it("says at which line a topology file is wrong", () => {
    expect(() => parseTopologyFile("vpcs:\n  a:\n    cdir: 10.0.0.0/16\n", "lab.yaml", random)).toThrow(/lab\.yaml is no topology: .*line 3: There is no key “cdir”/);
  });
});
