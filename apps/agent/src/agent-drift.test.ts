import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "@vpclab/shared/errors/app-error";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import type { Topology } from "@vpclab/shared/topology/topology";
import { mixedLab } from "../test/kernel/mixed-lab";
import { AgentLab } from "../test/link/agent-lab";
import type { OtherFirewall } from "./reconcile/site";

const AUTOMATIC = twoVpcLab();
const MANUAL: Topology = { ...AUTOMATIC, settings: { ...AUTOMATIC.settings, driftRepair: "manual" } };
const subnetOf = (name: string) => AUTOMATIC.subnets.find((subnet) => subnet.name === name && AUTOMATIC.vpcs.find(({ id }) => id === subnet.vpcId)?.name === "vpc1")!;
const instanceOf = (subnet: string): string => AUTOMATIC.instances.find(({ subnetId }) => subnetId === subnetOf(subnet).id)!.id;

describe("what was changed by hand", () => {
  let lab: AgentLab;
  beforeEach(async () => void (lab = await AgentLab.start()));
  afterEach(() => lab.close());

  /** Steps that were tried while `work` ran. */
  const stepsDuring = async (work: () => Promise<unknown>) => {
    const before = lab.kernel.log.length;
    await work();
    return lab.kernel.log.slice(before);
  };
  const linkDown = (namespace: string): void => void (lab.kernel.namespace(namespace)!.links.find((link) => link.name === "eth0")!.up = false);
  const isUp = (namespace: string): boolean => lab.kernel.namespace(namespace)!.links.find((link) => link.name === "eth0")!.up;
  const deployments = () => lab.server.ofType("deployment").map((message) => message.deployment);
  const heard = (count: number) => lab.server.until(() => deployments().length >= count);

  it("is shown with what differs and mended at once, and both are told", async () => {
    await lab.apply(AUTOMATIC);
    linkDown("vpc1-public");
    await lab.look();
    expect(isUp("vpc1-public")).toBe(true);
    await heard(2);
    const id = instanceOf("public");
    expect(deployments().map(({ state, objects }) => [state, objects[id]])).toEqual([
      ["drifted", { state: "drifted", reason: expect.stringContaining("link eth0 is down") }], ["in-place", { state: "in-place" }],
    ]);
    expect(lab.log.lines).toContainEqual(expect.stringMatching(/^info default: repaired “main”: link eth0 is down$/));
  });

  it("costs no step while nothing differs", async () => {
    await lab.apply(AUTOMATIC);
    expect(await stepsDuring(() => lab.look())).toEqual([]);
    expect(deployments()).toEqual([]);
  });

  it("is left to a person where the drawing says so", async () => {
    await lab.apply(MANUAL);
    linkDown("vpc1-public");
    expect(await stepsDuring(async () => { await lab.look(); await lab.look(); })).toEqual([]);
    await heard(1);
    expect(deployments().map(({ state }) => state)).toEqual(["drifted"]);
    expect(await lab.apply(MANUAL)).toMatchObject({ deployment: { state: "in-place" } });
    expect(isUp("vpc1-public")).toBe(true);
  });

  it("again and again is mended after growing pauses, other objects at once", async () => {
    await lab.apply(AUTOMATIC);
    /** Seconds from one repair to the next while somebody takes the link down whenever it is up. */
    const pauses: number[] = [];
    let lastMs = 0;
    for (; pauses.length < 5; lab.nowMs += 1000) {
      linkDown("vpc1-public");
      await lab.look();
      if (!isUp("vpc1-public")) continue;
      pauses.push((lab.nowMs - lastMs) / 1000);
      lastMs = lab.nowMs;
    }
    expect(pauses).toEqual([0, 5, 10, 20, 40]);
    linkDown("vpc1-public");
    linkDown("vpc1-private");
    await lab.look();
    expect([isUp("vpc1-public"), isUp("vpc1-private")]).toEqual([false, true]);
    expect(lab.deployment()).toMatchObject({ state: "drifted", objects: { [instanceOf("public")]: { reason: expect.stringContaining("mended 5 times") }, [instanceOf("private")]: { state: "in-place" } } });
    expect(await lab.apply(AUTOMATIC)).toMatchObject({ deployment: { state: "in-place" } });
    linkDown("vpc1-public");
    await lab.look();
    expect(isUp("vpc1-public")).toBe(true);
  });

  it.each([["automatic", AUTOMATIC], ["manual", MANUAL]])("does not keep a failed object from being tried again by itself (%s)", async (_name, drawn) => {
    lab.kernel.sabotage = (step) => (step.namespace === "vpc2-public" && step.action === "route-replace" ? "RTNETLINK answers: No buffer space available" : null);
    expect(await lab.apply(drawn)).toMatchObject({ deployment: { state: "failed" } });
    expect(await stepsDuring(() => lab.look())).toEqual([]);
    lab.nowMs += 5_000;
    expect((await stepsDuring(() => lab.look())).length).toBeGreaterThan(0);
    expect(lab.deployment()?.state).toBe("failed");
    lab.kernel.sabotage = () => null;
    expect(await stepsDuring(() => lab.look())).toEqual([]);
    lab.nowMs += 10_000;
    await lab.look();
    expect(lab.deployment()?.state).toBe("in-place");
  });

  it("does not keep a removal that broke off from being carried through", async () => {
    await lab.apply(MANUAL);
    lab.kernel.sabotage = (step) => (step.action === "netns-delete" && step.namespace === "vpc1" ? "Device or resource busy" : null);
    expect(await lab.apply(null)).toMatchObject({ deployment: { state: "failed" } });
    lab.kernel.sabotage = () => null;
    lab.nowMs += 5_000;
    await lab.look();
    expect(lab.kernel.names()).toEqual([]);
    expect(lab.deployment()).toBeUndefined();
    await lab.server.until(() => deployments().at(-1)?.state === "empty");
  });

  it("is never mended in a namespace that somebody else put in the place of ours", async () => {
    await lab.apply(AUTOMATIC);
    lab.kernel.deleteNamespace("vpc1-private");
    const by = { topologyId: "x", objectId: "x" };
    await lab.kernel.apply([{ owner: by, namespace: "vpc1-private", action: "netns-add" }, { owner: by, namespace: "vpc1-private", action: "bridge-add", name: "theirs0", mac: "06:00:00:00:00:01" }]);
    await lab.look();
    expect(lab.kernel.namespace("vpc1-private")).toMatchObject({ mark: "", links: [{ name: "theirs0" }] });
    expect(lab.deployment()?.objects[instanceOf("private")]).toMatchObject({ state: "failed", reason: expect.stringContaining("was not made by vpclab") });
    lab.kernel.deleteNamespace("vpc1-private");
    lab.nowMs += 5_000;
    await lab.look();
    expect(lab.deployment()?.state).toBe("in-place");
  });

  it("leaves a NAT gateway's name to whoever has it, and everything else in place", async () => {
    const drawn = mixedLab();
    const by = { topologyId: "x", objectId: "x" };
    await lab.kernel.apply([{ owner: by, namespace: "vpc1-public-nat", action: "netns-add" }, { owner: by, namespace: "vpc1-public-nat", action: "bridge-add", name: "theirs0", mac: "06:00:00:00:00:01" }]);
    expect(await lab.apply(drawn)).toMatchObject({ failure: { code: "HOST_NAME_TAKEN" } });
    const failed = Object.entries(lab.deployment()!.objects).filter(([, { state }]) => state !== "in-place").map(([id]) => id);
    expect(failed).toEqual([drawn.natGateways[0]!.id]);
    expect(lab.kernel.namespace("vpc1-public-nat")?.links).toMatchObject([{ name: "theirs0" }]);
  });

  it("in another firewall of the host shows on the gateways, holds up nothing else, and is mended when that can be done", async () => {
    let open = true;
    let broken: string | null = "nft: too old";
    const firewall: OtherFirewall = {
      look: (wanted) => Promise.resolve(open === wanted ? [] : [{ words: "chain FORWARD has no rule for vpclab", command: "nft insert rule" }]),
      settle: (wanted) => (broken === null ? Promise.resolve(void (open = wanted)) : Promise.reject(new AppError("COMMAND_FAILED", broken))),
    };
    const host = await AgentLab.start({ firewall });
    open = false;
    expect(await host.apply(AUTOMATIC)).toMatchObject({ deployment: { state: "failed" }, failure: { message: expect.stringContaining("could not be mended: nft: too old") } });
    const failed = Object.entries(host.deployment()!.objects).filter(([, { state }]) => state !== "in-place").map(([id]) => id);
    expect(failed.sort()).toEqual(AUTOMATIC.internetGateways.map(({ id }) => id).sort());
    broken = null;
    host.nowMs += 5_000;
    await host.look();
    expect([open, host.deployment()?.state]).toEqual([true, "in-place"]);
    await host.apply(null);
    expect(open).toBe(false);
    await host.close();
  });

  it("is not looked for while the kernel cannot be asked, which is said once", async () => {
    await lab.apply(AUTOMATIC);
    const observe = lab.kernel.observe.bind(lab.kernel);
    lab.kernel.observe = () => Promise.reject(new Error("ENOBUFS"));
    await lab.look();
    await lab.look();
    expect(lab.log.lines.filter((line) => line.includes("could not look after default"))).toHaveLength(1);
    lab.kernel.observe = observe;
    await lab.look();
    expect(lab.deployment()?.state).toBe("in-place");
  });
});
