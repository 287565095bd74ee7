import { describe, expect, it } from "vitest";
import { formatMark, parseMark } from "./mark";

describe("the mark", () => {
  it("is read back from what was written, readable name and all", () => {
    const mark = { agentId: "agent_1-x", topologyId: "00000000-0000-4000-8000-000000000001", objectId: "i-0a1b2c3d4e5f" };
    const alias = formatMark(mark, "lab2.vpc1-public-web");
    expect(parseMark(alias)).toEqual(mark);
    expect(alias.length).toBeLessThan(256);
  });

  it.each(["", "docker", "vpclab", "vpclab:", "vpclab:a:b", "vpclab::b:c:d", "vpclab:a:b:c:D E", "xvpclab:a:b:c:d", "vpclab:a:b:c:d\nvpclab:a:b:c:d"])(
    "%j is not ours", (alias) => expect(parseMark(alias)).toBeNull(),
  );
});
