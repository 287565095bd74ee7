import { describe, expect, it } from "vitest";
import type { Verdict } from "@vpclab/shared/analysis/verdict";
import { peeredLab } from "@vpclab/shared/testing/builders";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import type { FastAnswer } from "../../apps/agent/src/probes/fast-probe";
import { chooseFlows } from "../../prove/choose-flows";
import { complaintAbout } from "../../prove/judge";
import { newParts, wholeOf } from "../../prove/parts";
import { peered } from "../../prove/peer-topologies";
import { Random } from "../../prove/random";
import { smallest } from "../../prove/smaller";

const verdict = (reachable: boolean, code: Verdict["decision"]["code"] = "REACHABLE", back: Verdict["back"] = []): Verdict =>
  ({ reachable, why: "", decision: { code, objectId: null, rule: null }, there: [], back });
const hop = { objectId: null, label: "", by: null, note: "", verdict: "stop" } as const;
const answer = (outcome: FastAnswer["outcome"], arrived: boolean, error: string | null = null): FastAnswer => ({ outcome, arrived, error });

describe("a measurement agrees with a promise", () => {
  it.each([
    ["reached, as promised", verdict(true), answer("reached", true), true],
    ["silence where it is reachable", verdict(true), answer("timeout", false), false],
    ["a refusal where it is reachable: the target listens", verdict(true), answer("refused", false, "ECONNREFUSED"), false],
    ["silence, as promised", verdict(false), answer("timeout", false), true],
    ["reached where it is not reachable", verdict(false), answer("reached", true), false],
    ["refused by a machine where nobody may hear it", verdict(false), answer("refused", false, "ECONNREFUSED"), false],
    ["no way, said the router", verdict(false), answer("refused", false, "EHOSTUNREACH"), true],
    ["arrived where it should be stopped on the way there", verdict(false), answer("timeout", true), false],
    ["arrived, and the answer was stopped on the way back", verdict(false, "SUBNET_ACL_RESTRICTION", [hop]), answer("timeout", true), true],
    ["another machine answers, as promised", verdict(true, "ENI_ADDRESS_RESTRICTION"), answer("refused", false, "ELSEWHERE"), true],
    ["the target answers in another's place", verdict(true, "ENI_ADDRESS_RESTRICTION"), answer("reached", true), false],
  ])("%s: %#", (_name, expected, measured, agrees) => {
    expect(complaintAbout(expected, measured) === null).toBe(agrees);
  });
});

describe("what is tried", () => {
  it("has a source port of its own for every flow, which is nobody's destination", () => {
    const used = new Set<number>();
    const flows = chooseFlows(peeredLab(), 300, new Random(1), used);
    expect(flows).toHaveLength(300);
    const sources = flows.map(({ sourcePort }) => sourcePort);
    expect(new Set(sources).size).toBe(300);
    expect(flows.filter(({ port }) => port !== null && used.has(port))).toEqual([]);
  });

  it("is the same for the same seed", () => {
    const choose = () => chooseFlows(peeredLab(), 50, new Random(7), new Set());
    expect(choose()).toEqual(choose());
  });

  it("joins two topologies by a peering that each has one half of", () => {
    const random = new Random(3);
    const [one, other] = peered(randomTopology(random.bytes), peeredLab(), random);
    const shared = one.peerings.filter(({ remote }) => remote !== null);
    expect(shared).toHaveLength(1);
    const whole = wholeOf(newParts([one, other]));
    expect(whole.peerings.filter(({ id }) => id === shared[0]?.id)).toMatchObject([{ remote: null, status: "active" }]);
    const refused = { ...other, peerings: other.peerings.map((peering) => ({ ...peering, status: "rejected" as const })) };
    expect(wholeOf(newParts([one, refused])).peerings.find(({ id }) => id === shared[0]?.id)?.status).toBe("pending-acceptance");
  });
});

describe("a document that shows a fault", () => {
  it("is left with nothing but what the fault needs", async () => {
    const lab = peeredLab();
    const [peering] = lab.peerings;
    const small = await smallest(lab, new Set(), (doc) => Promise.resolve(doc.peerings.some(({ id }) => id === peering?.id)));
    expect(small.vpcs).toHaveLength(2);
    expect(small.instances).toEqual([]);
    expect(small.routeTables.flatMap(({ routes }) => routes)).toEqual([]);
    expect(small.securityGroups.flatMap(({ rules }) => rules)).toEqual([]);
  });

  it("keeps what it is asked to keep, and is asked for no more than a bounded number of times", async () => {
    const lab = peeredLab();
    const [kept] = lab.instances;
    const id = kept?.id ?? "";
    let asked = 0;
    const small = await smallest(lab, new Set([id]), (doc) => Promise.resolve((asked += 1) > 0 && doc.instances.some((one) => one.id === id)), 40);
    expect(small.instances.map((one) => one.id)).toContain(id);
    expect(asked).toBeLessThanOrEqual(40);
  });
});
