import { describe, expect, it } from "vitest";
import { twoVpcLab } from "@vpclab/shared/testing/builders";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { publicKey } from "../../canvas/state/probe-end-key";
import { flowOf, HOST_CHOICE, INTERNET_CHOICE, settleChoice } from "./probe-question";
import type { Choice } from "./probe-question";
import { decidingRule, ruleInWords } from "./rule-in-words";

const doc = twoVpcLab();
const [first, second] = doc.instances.map(({ id }) => id) as [string, string];
const nothing: Choice = { source: null, target: null, kind: "ping", port: null };
const settle = (choice: Partial<Choice>, selection: readonly string[] = []) => settleChoice(doc, selection, { ...nothing, ...choice });

describe("the question of a test", () => {
  it("is complete from the start, and follows what is selected until somebody chooses", () => {
    expect(settle({}).question).toEqual({ source: { instanceId: first }, destination: { instanceId: second }, kind: "ping", port: null });
    expect(settle({}, [second]).question?.source).toEqual({ instanceId: second });
    expect(settle({ source: first }, [second]).question?.source).toEqual({ instanceId: first });
    expect(settle({ source: "i-00000000dead" }).question?.source).toEqual({ instanceId: first });
  });

  it("may begin or end at the internet, never both", () => {
    expect(settle({ source: INTERNET_CHOICE, target: second }).question).toMatchObject({ source: { internet: true }, destination: { instanceId: second } });
    expect(settle({ source: INTERNET_CHOICE, target: INTERNET_CHOICE }).question?.destination).toEqual({ instanceId: first });
  });

  it("may begin or end at the host, and end at a public address; where nothing drawn lies between, another target is taken", () => {
    expect(settle({ source: HOST_CHOICE, target: second }).question).toMatchObject({ source: { host: true }, destination: { instanceId: second } });
    expect(settle({}, [HOST_CHOICE]).question).toMatchObject({ source: { host: true }, destination: { instanceId: first } });
    expect(settle({ source: first, target: HOST_CHOICE }).question?.destination).toEqual({ host: true });
    expect(settle({ source: first, target: publicKey(second) }).question?.destination).toEqual({ publicAddressOf: second });
    for (const target of [INTERNET_CHOICE, HOST_CHOICE, publicKey(second)]) expect(settle({ source: HOST_CHOICE, target }).question?.destination).toEqual({ instanceId: first });
  });

  it.each(["", "0", "65536", "080", "1.5", "http", "-1"])("is not asked with port %j", (port) => expect(settle({ kind: "tcp", port }).question).toBeNull());

  it("takes the target's web server's port unless another is typed", () => {
    const served = { ...doc, instances: doc.instances.map((instance) => (instance.id === second ? { ...instance, webServer: { port: 8080 } } : instance)) };
    expect(settleChoice(served, [], { ...nothing, kind: "http" }).question?.port).toBe(8080);
    expect(settleChoice(served, [], { ...nothing, kind: "http", port: "81" }).question?.port).toBe(81);
  });

  it("is tcp to the analysis where it is http to the person", () => {
    expect(flowOf(settle({ kind: "http", port: "80" }).question!)).toMatchObject({ protocol: "tcp", port: 80 });
    expect(flowOf(settle({}).question!)).toMatchObject({ protocol: "icmp", port: null });
  });
});

describe("rules in the analysis' sentences", () => {
  const index = indexTopology(doc);
  const group = doc.securityGroups[0]!;
  const egress = group.rules.find(({ direction }) => direction === "egress")!;

  it("are called as the inspector counts them", () => {
    expect(decidingRule(index, group.id, egress.id)).toBe("egress rule 1");
    expect(ruleInWords(index, `egress ${egress.id} allows all`)).toBe("egress rule 1 allows all");
    expect(ruleInWords(index, "sgr-00000000dead is gone")).toBe("sgr-00000000dead is gone");
    expect(decidingRule(index, "acl-000000000001", "ingress 100")).toBe("ingress 100");
  });
});
