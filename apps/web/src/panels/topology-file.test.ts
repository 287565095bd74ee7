import { describe, expect, it } from "vitest";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { parseTopologyFile, topologyText } from "./topology-file";

describe("a topology as a file", () => {
  it("comes back as it was written", () => {
    const file = { name: "lab", document: twoVpcLab(), layout: { "vpc-00000000aaaa": { x: 1, y: 2 } } };
    expect(parseTopologyFile(topologyText(file), "anything.json")).toEqual(file);
  });

  it("may be the bare document, which is then named after the file", () => {
    expect(parseTopologyFile(JSON.stringify(twoVpcLab()), "2 My Lab.vpclab.json")).toEqual({ name: "my-lab", document: twoVpcLab() });
  });

  it("says so in words when it is no JSON", () => {
    expect(() => parseTopologyFile("{", "broken.json")).toThrow(/broken\.json is not valid JSON/);
  });
});
