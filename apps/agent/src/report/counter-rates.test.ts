import { describe, expect, it } from "vitest";
import { compileTopology } from "@vpclab/shared/plan/compile";
import { peeredLab, testContext } from "@vpclab/shared/testing/builders";
import { counterOf, exchange } from "./counter-rates";
import { counterTargets } from "./counter-targets";

const count = (rx: number, tx: number) => ({ rxBytes: rx * 100, rxPackets: rx, txBytes: tx * 100, txPackets: tx });

describe("rates", () => {
  it("are per second, whatever the interval was", () => {
    expect(counterOf(count(30, 15), count(10, 5), 2)).toMatchObject({ rxPacketsPerSecond: 10, txPacketsPerSecond: 5, rxBytesPerSecond: 1000, txBytesPerSecond: 500, rxBytes: 3000 });
    expect(counterOf(count(30, 15), count(10, 5), 0.5)).toMatchObject({ rxPacketsPerSecond: 40 });
  });
  it("are zero without an earlier reading", () => {
    expect(counterOf(count(30, 15), null, 0)).toMatchObject({ rxPackets: 30, rxPacketsPerSecond: 0, txBytesPerSecond: 0 });
  });
  it("are zero, not infinite, when no time has passed", () => {
    expect(counterOf(count(30, 15), count(10, 5), 0).rxPacketsPerSecond).toBe(0);
  });
  it("begin at zero when any total went backwards: the link was made anew", () => {
    expect(counterOf(count(4, 200), count(1000, 100), 1)).toMatchObject({ rxPackets: 4, rxPacketsPerSecond: 4, txPacketsPerSecond: 200 });
  });
});

describe("whose traffic a link carries", () => {
  const doc = peeredLab();
  const targets = counterTargets(compileTopology(doc, testContext(doc)));
  it("is one link for each instance, gateway and peering, in router namespaces only", () => {
    expect(targets.map((target) => target.objectId).sort())
      .toEqual([...doc.instances, ...doc.internetGateways, ...doc.peerings].map((object) => object.id).sort());
    expect([...new Set(targets.map((target) => target.namespace))].sort()).toEqual(doc.vpcs.map((vpc) => vpc.name).sort());
  });
  it("is seen from the object: only an instance's is exchanged", () => {
    const instances = new Set(doc.instances.map((instance) => instance.id));
    for (const target of targets) expect(target.exchanged).toBe(instances.has(target.objectId));
    expect(exchange(count(1, 2))).toEqual(count(2, 1));
  });
});
