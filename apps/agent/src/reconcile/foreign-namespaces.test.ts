import { compileTopology } from "@vpclab/shared/plan/compile";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { formatMark } from "@vpclab/shared/plan/mark";
import { planChanges } from "@vpclab/shared/plan/plan";
import { TEST_TOPOLOGY_ID, testContext, twoVpcLab } from "@vpclab/shared/testing/builders";
import { FakeKernel } from "@vpclab/shared/testing/fake-kernel";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NamespaceLedger } from "../state/namespace-ledger";
import { leaveOut, takenNames } from "./foreign-namespaces";

afterAll(({}, file) => console.info(badInputCount("N", file)));

const AGENT = "agent-1";
let folder: string;
let ledger: NamespaceLedger;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foreign-"));
  ledger = await NamespaceLedger.open(folder);
});
afterAll(() => rm(folder, { recursive: true }));

describe("what somebody else has", () => {
  const document = twoVpcLab();
  const compiled = compileTopology(document, testContext(document));
  const claim = () => ({ agentId: AGENT, topologyId: TEST_TOPOLOGY_ID, ledger });
  const scope = { agentId: AGENT, topologyId: TEST_TOPOLOGY_ID };
  const by = { topologyId: "x", objectId: "x" };

  it("leaves nothing on the host that needs a link into a taken namespace: neither link, route nor setting", async () => {
    const kernel = new FakeKernel();
    await kernel.apply([{ owner: by, namespace: "vpc1", action: "netns-add" }]);
    const seen = await kernel.observe([...Object.keys(compiled), HOST_NAMESPACE]);
    const { wanted, blocked } = leaveOut(compiled, takenNames(compiled, seen, claim()));
    const links = (compiled[HOST_NAMESPACE]?.links ?? []).filter((link) => link.kind === "veth" && link.peer.namespace === "vpc1").map(({ name }) => name);
    expect(links.length).toBeGreaterThan(0);
    const { links: left, routes, sysctls } = wanted[HOST_NAMESPACE] ?? expect.fail("no host");
    for (const name of links) expect(JSON.stringify([left, routes, sysctls])).not.toContain(name);
    expect(Object.keys(sysctls)).not.toEqual([]);
    const vpc = document.vpcs.find(({ name }) => name === "vpc1")?.id ?? "";
    expect(blocked.get(vpc)).toMatchObject({ code: "HOST_NAME_TAKEN" });
  });

  it("is the whole host where the sandbox is another agent's: an apply and a removal plan nothing there", async () => {
    const kernel = new FakeKernel();
    const host = compiled[HOST_NAMESPACE] ?? expect.fail("no host");
    await kernel.apply(planChanges({ [HOST_NAMESPACE]: { ...host, links: [], routes: [], sysctls: {} } }, await kernel.observe([HOST_NAMESPACE]), { agentId: "agent-2", topologyId: "y" }));
    await kernel.apply([{ owner: by, namespace: HOST_NAMESPACE, action: "mark", mark: formatMark({ agentId: "agent-2", topologyId: "sandbox", objectId: "host" }, "host") }]);
    const seen = await kernel.observe([HOST_NAMESPACE]);
    expect(seen[HOST_NAMESPACE]?.nft).not.toBeNull();
    const empty = { ...host, links: [], routes: [], sysctls: {}, nft: null };
    for (const state of [compiled, { [HOST_NAMESPACE]: empty }]) {
      const { wanted } = leaveOut(state, takenNames(state, seen, claim()));
      expect(planChanges(wanted, seen, scope).filter(({ namespace }) => namespace === HOST_NAMESPACE)).toEqual([]);
      // Of an own sandbox, the removal takes the table along.
      expect(planChanges(state, seen, scope).some(({ namespace }) => namespace === HOST_NAMESPACE)).toBe(true);
    }
  });
});
