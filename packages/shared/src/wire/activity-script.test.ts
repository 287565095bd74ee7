import { expect, it } from "vitest";
import { activityScript } from "./activity-script";

const entry = { at: 0, actor: "ann", action: "apply", topologyName: "lab", text: "VPC “prod” added", commands: ["ip netns add prod", "nft -f - <<'EOF'\nadd table ip a\nEOF"], commandsLeftOut: 0 };

it("is the commands in their order, with who and when above", () => {
  expect(activityScript(entry)).toBe(`#!/bin/sh
# 1970-01-01T00:00:00.000Z, ann: apply lab: VPC “prod” added
# As root, on a machine that is as it was before.
set -eu
ip netns add prod
nft -f - <<'EOF'
add table ip a
EOF
`);
});

it("nothing that a person has written leaves its comment", () => {
  const script = activityScript({ ...entry, actor: "x\nid", topologyName: null, text: "a\r\nrm -rf /tmp/x\u2028\u0085$(id)\u001b[2J", commands: [] });
  expect(script.split(/[\n\r\u2028\u0085]/).filter((line) => line !== "" && !line.startsWith("#"))).toEqual(["set -eu"]);
  expect(script).not.toContain("\u001b");
});

it("no process is ended by the number that it had then", () => {
  expect(activityScript({ ...entry, commands: ["ip netns exec prod kill -9 4711", "ip netns pids x | xargs -r kill -9; ip netns delete x"] })).toMatch(/set -eu\n# ended then: .*4711\nip netns pids x/);
});

it("says when it is not whole", () => {
  expect(activityScript({ ...entry, commandsLeftOut: 7 })).toContain("# 7 more commands ran and are not kept");
});
