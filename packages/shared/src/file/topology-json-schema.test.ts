import { describe, expect, it } from "vitest";
import { z } from "zod";
import { seededRandom } from "../testing/builders";
import { randomTopology } from "../testing/random-topology";
import { topologyJsonSchema } from "./topology-file-schema";
import { writeTopologyFile } from "./write-topology-file";

const schema = z.fromJSONSchema(topologyJsonSchema() as z.core.JSONSchema.JSONSchema);
const accepts = (value: unknown): boolean => schema.safeParse(value).success;

describe("the JSON Schema for editors", () => {
  it("accepts every file that is written", () => {
    for (let seed = 0; seed < 25; seed++) {
      const value: unknown = JSON.parse(JSON.stringify(writeTopologyFile(randomTopology(seededRandom(seed)), "lab")));
      expect(accepts(value), `seed ${seed}`).toBe(true);
    }
  });

  it.each([
    [{ vpc: {} }], [{ name: "Lab" }], [{ vpcs: { lab: {} } }], [{ vpcs: { lab: { cidr: 10 } } }], [{ vpcs: { Lab: { cidr: "10.0.0.0/16" } } }],
    [{ vpcs: { lab: { cidr: "10.0.0.0/16", cdir: 1 } } }], [{ vpcs: { lab: { cidr: "10.0.0.0/16", subnets: { a: { cidr: "10.0.1.0/24", type: "dmz" } } } } }], [{ peerings: [7] }],
  ])("refuses %j", (value) => expect(accepts(value)).toBe(false));
});
