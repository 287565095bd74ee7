import { describe, expect, it } from "vitest";
import { gridTopology, peeredLab, twoVpcLab } from "../testing/builders";
import type { Topology } from "../topology/topology";
import { hopObjects } from "./hops";
import { agrees, explainReachability } from "./reachability";
import type { Verdict } from "./verdict";

/** Instance by `<vpc>/<subnet>`. */
function at(doc: Topology, place: string): string {
  const [vpcName, subnetName] = place.split("/");
  const vpc = doc.vpcs.find((candidate) => candidate.name === vpcName);
  const subnet = doc.subnets.find((candidate) => candidate.vpcId === vpc?.id && candidate.name === subnetName);
  const instance = doc.instances.find((candidate) => candidate.subnetId === subnet?.id);
  if (!instance) throw new Error(`no instance at ${place}`);
  return instance.id;
}

function ask(doc: Topology, from: string, to: string, protocol: "icmp" | "tcp" = "icmp", port: number | null = null): Verdict {
  const end = (place: string) => (place === "internet" ? { internet: true as const } : { instanceId: at(doc, place) });
  return explainReachability(doc, { source: end(from), destination: end(to), protocol, port }, { publicPool: true });
}

describe("what a lab promises that was drawn by gestures", () => {
  it.each([
    ["vpc1/public", "vpc1/private", true], ["vpc1/private", "vpc1/public", true],
    ["vpc1/public", "vpc2/public", false], ["vpc2/public", "vpc1/private", false],
    ["vpc1/public", "internet", true], ["vpc1/private", "internet", false], ["internet", "vpc1/public", true], ["internet", "vpc1/private", false],
  ])("two VPCs, not peered: %s → %s is %s", (from, to, reachable) => expect(ask(twoVpcLab(), from, to).reachable).toBe(reachable));

  it.each([["vpc1/public", "vpc2/public"], ["vpc1/private", "vpc2/public"], ["vpc2/public", "vpc1/private"]])(
    "peered: %s → %s is reachable, by way of the peering", (from, to) => {
      const doc = peeredLab();
      const answer = ask(doc, from, to);
      expect(answer.reachable).toBe(true);
      expect(hopObjects(answer.there)).toContain(doc.peerings[0]?.id);
      expect(hopObjects(answer.back)).toContain(doc.peerings[0]?.id);
    },
  );

  it("a peering is not transitive, and the answer says so", () => {
    const doc = gridTopology({ vpcs: 3, subnetsPerVpc: 1, instancesPerSubnet: 1 });
    const id = (n: number) => doc.vpcs[n]?.id ?? "";
    const peering = { status: "active" as const, remote: null };
    doc.peerings = [
      { ...peering, id: "pcx-000000000001", name: "a", requesterVpcId: id(0), accepterVpcId: id(1) },
      { ...peering, id: "pcx-000000000002", name: "b", requesterVpcId: id(1), accepterVpcId: id(2) },
    ];
    const answer = ask(doc, "vpc0/s0", "vpc2/s0");
    expect(answer).toMatchObject({ reachable: false, decision: { code: "DISCONNECTED_VPCS" } });
    expect(answer.why).toContain("not transitive");
  });

  it("between unpeered VPCs of the same range the packet stays at home, and the answer says whom it meets", () => {
    const doc = gridTopology({ vpcs: 2, subnetsPerVpc: 2, instancesPerSubnet: 1 });
    for (const list of [doc.vpcs, doc.subnets]) for (const item of list) item.cidr = item.cidr.replace("10.1.", "10.0.");
    for (const instance of doc.instances) instance.address = instance.address.replace("10.1.", "10.0.");
    const answer = ask(doc, "vpc0/s0", "vpc1/s1");
    expect(answer).toMatchObject({ reachable: true, decision: { code: "ENI_ADDRESS_RESTRICTION" } });
    expect(answer.why).toBe("10.0.2.2 lies in vpc0's own range, so the packet stays in vpc0 and reaches “main” there, not the target.");
  });

  it("names what nobody listens on", () => {
    expect(ask(twoVpcLab(), "vpc1/private", "vpc1/public", "tcp", 8080).why).not.toContain("refusal");
    expect(ask(twoVpcLab(), "vpc1/private", "vpc1/public", "tcp", 81).why).toContain("refusal");
  });

  it("a refusal agrees with reachable, silence with unreachable", () => {
    expect(agrees({ reachable: true }, "refused")).toBe(true);
    expect(agrees({ reachable: true }, "timeout")).toBe(false);
    expect(agrees({ reachable: false }, "timeout")).toBe(true);
    expect(agrees({ reachable: false }, "reached")).toBe(false);
  });
});
