import { describe, expect, it } from "vitest";
import { seededRandom, TEST_TOPOLOGY_ID } from "@vpclab/shared/testing/builders";
import { fullLab } from "@vpclab/shared/testing/full-lab";
import { EXPORT_FORMATS } from "./export-formats";
import { parseTopologyFile } from "./topology-file";

const lab = { topologyId: TEST_TOPOLOGY_ID, name: "lab", document: fullLab(), layout: {} };
const textOf = (label: string): string => EXPORT_FORMATS.find((format) => format.label === label)?.text(lab) ?? "";

describe("what a topology can be exported as", () => {
  it("JSON and YAML come back", () => {
    expect(parseTopologyFile(textOf("JSON"), "a.json", seededRandom(1)).document).toEqual(lab.document);
    const again = parseTopologyFile(textOf("YAML"), "a.yaml", seededRandom(1));
    expect(again.name).toBe("lab");
    expect(EXPORT_FORMATS.find(({ label }) => label === "YAML")?.text({ ...lab, document: again.document as typeof lab.document })).toBe(textOf("YAML"));
  });

  it.each([
    ["Terraform", /^# The topology “lab” for AWS/, /resource "aws_instance" "vpc1_public_main" \{/],
    ["shell script", /^#!\/bin\/sh\n/, /^ip netns add lab\.vpc1-public$/m],
  ])("%s is one text", (label, begins, contains) => {
    expect(textOf(label)).toMatch(begins);
    expect(textOf(label)).toMatch(contains);
  });
});
