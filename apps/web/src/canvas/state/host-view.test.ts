import type { Deployment, HostInfo } from "@vpclab/shared/wire/live";
import { describe, expect, it } from "vitest";
import { hostStatus, hostView } from "./host-view";

const HOST: HostInfo = { id: "h1", name: "lab", state: "approved", online: true, mode: "sandbox", kernel: "6.18", version: "1.0.0", publicPool: true, lastSeenAt: 1 };
const NOTHING: Deployment = { state: "unknown", revision: 0, generation: 0, objects: {}, publicAddresses: {} };

describe("what the canvas says of the host", () => {
  it.each([
    [{}, {}, { name: "lab", presence: "online", ground: "sandbox", applied: "nothing applied" }],
    [{ online: false, mode: "host" }, { state: "in-place", revision: 12 }, { presence: "offline", ground: "real network", applied: "revision 12 applied" }],
    [{ state: "locked", mode: "rootless" }, { state: "applying", revision: 3 }, { presence: "locked", ground: "rootless sandbox", applied: "applying" }],
    [{}, { state: "empty", revision: 4 }, { applied: "nothing applied" }],
    [{}, { state: "in-place", revision: 2, returned: { from: 3, afterMs: 60_000 } }, { applied: "went back to revision 2" }],
  ] as const)("%o with %o", (host, deployment, said) => {
    expect(hostView({ host: { ...HOST, ...host }, deployment: { ...NOTHING, ...deployment } })).toMatchObject(said);
  });

  it("names no host where none is", () => {
    expect(hostView({ host: null, deployment: NOTHING })).toEqual({ name: null, presence: null, ground: null, applied: "nothing applied" });
  });

  it("its state is that of everything on it, with how much is wrong, or what is wrong of itself", () => {
    expect(hostStatus({ ...NOTHING, state: "in-place" })).toEqual({ state: "in-place" });
    expect(hostStatus({ ...NOTHING, state: "unknown" })).toEqual({ state: "absent" });
    const objects = { "vpc-1": { state: "drifted" }, "i-1": { state: "drifted" }, "i-2": { state: "in-place" } } as const;
    expect(hostStatus({ state: "drifted", objects })).toEqual({ state: "drifted", reason: "2 objects are not as applied" });
    expect(hostStatus({ state: "failed", objects: { "i-1": { state: "failed" } } })).toEqual({ state: "failed", reason: "1 object is not in place" });
    expect(hostStatus({ state: "drifted", objects: { host: { state: "drifted", reason: "a chain is gone" } } }).reason).toBe("a chain is gone");
  });
});
