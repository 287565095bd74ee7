import { describe, expect, it } from "vitest";
import { topologyWords } from "./topology-words";

const topology = { id: "t", name: "lab", state: "in-place", applied: 3, revision: 3, appliedAt: 1, waiting: false, returned: false };

describe("how a topology stands on its host", () => {
  it.each([
    ["in place", {}, true, "revision 3"],
    ["drawn further", { revision: 5 }, true, "revision 3 of 5"],
    ["never applied", { applied: 0, state: null }, true, "nothing applied"],
    ["drifted", { state: "drifted" }, true, "revision 3, drifted"],
    ["being applied", { waiting: true }, true, "revision 3, being applied"],
    ["waiting for a host that is away", { waiting: true, revision: 4 }, false, "revision 3 of 4; what was asked for last waits for the host"],
    ["taken back", { returned: true, revision: 4 }, true, "revision 3 of 4: the host went back by itself, because it could not reach the server after the last apply"],
  ])("%s", (_, change, online, words) => expect(topologyWords({ ...topology, ...change }, online)).toBe(words));
});
