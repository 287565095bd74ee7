import { describe, expect, it } from "vitest";
import { explainReachability } from "@vpclab/shared/analysis/reachability";
import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import { compileTopology } from "@vpclab/shared/plan/compile";
import { looksAt } from "@vpclab/shared/plan/looks-at";
import { testContext } from "@vpclab/shared/testing/builders";
import { fullLab } from "@vpclab/shared/testing/full-lab";
import { indexTopology } from "@vpclab/shared/topology/topology-index";
import { decidingCounter } from "./deciding-counter";

const LAB = fullLab();
const INDEX = indexTopology(LAB);
const STATE = compileTopology(LAB, testContext(LAB));
const ends: ProbeEnd[] = [...LAB.instances.map(({ id }) => ({ instanceId: id })), { internet: true }];

describe("the counter of the rule that decides", () => {
  const found = ends.flatMap((source) => ends.filter((other) => other !== source).flatMap((destination) => (["tcp", "icmp"] as const).flatMap((protocol) => {
    const verdict = explainReachability(LAB, { source, destination, protocol, port: protocol === "tcp" ? 443 : null }, { publicPool: true });
    const counter = decidingCounter(INDEX, verdict);
    return counter ? [{ verdict, counter }] : [];
  })));

  it("is one that the kernel has, and that a look at its object answers", () => {
    expect(found.length).toBeGreaterThan(5);
    for (const { counter } of found) {
      const names = [...looksAt(STATE, counter.objectId).counters.values()].flat();
      expect(names, JSON.stringify(counter)).toContain(counter.counter);
    }
  });

  it("is the rule's own where a rule decides, and a rule on the way where a route does", () => {
    for (const { verdict, counter } of found) {
      const isRule = verdict.decision.objectId === counter.by;
      const onWay = [...verdict.there, ...verdict.back].some(({ by }) => by === counter.by);
      expect(isRule || onWay).toBe(true);
    }
  });
});
