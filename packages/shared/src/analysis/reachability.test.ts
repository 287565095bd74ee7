import { describe, expect, it } from "vitest";
import { gridTopology, peeredLab, twoVpcLab } from "../testing/builders";
import type { Topology } from "../topology/topology";
import { agrees, explainReachability } from "./reachability";

/** Instance by `<vpc>/<subnet>`. */
function at(doc: Topology, place: string): string {
  const [vpcName, subnetName] = place.split("/");
  const vpc = doc.vpcs.find((candidate) => candidate.name === vpcName);
  const subnet = doc.subnets.find((candidate) => candidate.vpcId === vpc?.id && candidate.name === subnetName);
  const instance = doc.instances.find((candidate) => candidate.subnetId === subnet?.id);
  if (!instance) throw new Error(`no instance at ${place}`);
  return instance.id;
}

const ask = (doc: Topology, from: string, to: string, kind: "ping" | "http" = "ping", port: number | null = null) =>
  explainReachability(doc, { sourceId: at(doc, from), target: to === "internet" ? { internet: true } : { instanceId: at(doc, to) } }, kind, port);

describe("what the drawing promises", () => {
  it.each([
    ["vpc1/public", "vpc1/private", true], ["vpc1/private", "vpc1/public", true],
    ["vpc1/public", "vpc2/public", false], ["vpc2/public", "vpc1/private", false],
    ["vpc1/public", "internet", true], ["vpc1/private", "internet", false],
  ])("two VPCs, not peered: %s → %s is %s", (from, to, reachable) => expect(ask(twoVpcLab(), from, to).reachable).toBe(reachable));

  it.each([["vpc1/public", "vpc2/public"], ["vpc1/private", "vpc2/public"], ["vpc2/public", "vpc1/private"]])(
    "peered: %s → %s is reachable, by way of the peering", (from, to) => {
      const doc = peeredLab();
      const answer = ask(doc, from, to);
      expect(answer.reachable).toBe(true);
      expect(answer.path.map((hop) => hop.objectId)).toContain(doc.peerings[0]?.id);
    },
  );

  it("a peering is not transitive, and the answer says so", () => {
    const doc = gridTopology({ vpcs: 3, subnetsPerVpc: 1, instancesPerSubnet: 1 });
    const id = (n: number) => doc.vpcs[n]?.id ?? "";
    doc.peerings.push({ id: "pcx-000000000001", name: "a", requesterVpcId: id(0), accepterVpcId: id(1) });
    doc.peerings.push({ id: "pcx-000000000002", name: "b", requesterVpcId: id(1), accepterVpcId: id(2) });
    const answer = ask(doc, "vpc0/s0", "vpc2/s0");
    expect(answer.reachable).toBe(false);
    expect(answer.why).toContain("not transitive");
  });

  it("between unpeered VPCs of the same range the packet stays at home, and the answer says whom it meets", () => {
    const doc = gridTopology({ vpcs: 2, subnetsPerVpc: 2, instancesPerSubnet: 1 });
    for (const list of [doc.vpcs, doc.subnets]) for (const item of list) item.cidr = item.cidr.replace("10.1.", "10.0.");
    for (const instance of doc.instances) instance.address = instance.address.replace("10.1.", "10.0.");
    const answer = ask(doc, "vpc0/s0", "vpc1/s1");
    expect(answer).toMatchObject({ reachable: true });
    expect(answer.why).toContain("not the target");
  });

  it("names what nobody listens on", () => {
    expect(ask(twoVpcLab(), "vpc1/private", "vpc1/public", "http", 8080).why).not.toContain("refusal");
    expect(ask(twoVpcLab(), "vpc1/private", "vpc1/public", "http", 81).why).toContain("refusal");
  });

  it("a refusal agrees with reachable, silence with unreachable", () => {
    expect(agrees({ reachable: true }, "refused")).toBe(true);
    expect(agrees({ reachable: true }, "timeout")).toBe(false);
    expect(agrees({ reachable: false }, "timeout")).toBe(true);
    expect(agrees({ reachable: false }, "reached")).toBe(false);
  });
});
