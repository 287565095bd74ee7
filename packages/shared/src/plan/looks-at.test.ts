import { describe, expect, it } from "vitest";
import { fullLab } from "../testing/full-lab";
import { testContext } from "../testing/builders";
import { objectsOf } from "../topology/topology-index";
import { carriedOut } from "./carried-out";
import { compileTopology } from "./compile";
import { linuxCommandsFor } from "./describe";
import { looksAt } from "./looks-at";

const DOC = fullLab();
const CONTEXT = testContext(DOC);
const STATE = compileTopology(DOC, CONTEXT);
const objects = [...objectsOf(DOC)].map(({ kind, object }) => [kind, object.name, object.id] as const);

describe("where an object shows in the kernel", () => {
  /** A group in which nobody is has no rules anywhere. */
  const isThere = (id: string): boolean => !DOC.securityGroups.some((group) => group.id === id) || DOC.instances.some(({ securityGroupIds }) => securityGroupIds.includes(id));

  it.each(objects)("%s %s: how to look at it, and what makes it or carries it out", (_kind, _name, id) => {
    const made = linuxCommandsFor(DOC, CONTEXT, id);
    expect([made.length > 0 || carriedOut(DOC, CONTEXT, id) !== null, looksAt(STATE, id).looks.length > 0]).toEqual([isThere(id), isThere(id)]);
  });

  it("only namespaces, links, tables and chains that are compiled are named", () => {
    for (const [, , id] of objects) {
      for (const look of looksAt(STATE, id).looks) {
        const namespace = STATE[look.namespace]!;
        expect(namespace).toBeDefined();
        if (look.tool === "nft") {
          const chain = /^list chain inet vpclab (\S+)$/.exec(look.script)?.[1];
          expect(chain === undefined ? look.script : namespace.nft?.chains.some(({ name }) => name === chain)).toBe(chain === undefined ? "list table inet vpclab" : true);
        } else if (look.args.includes("dev")) expect(namespace.links.map(({ name }) => name)).toContain(look.args.at(-1));
      }
    }
  });

  it("an id that nothing has, or that is a part of another's, shows nothing", () => {
    expect([looksAt(STATE, "vpc-00000000").looks, looksAt(STATE, "").looks, looksAt(STATE, "-").looks, looksAt(STATE, "; id").looks, looksAt(STATE, "vpc1").looks]).toEqual([[], [], [], [], []]);
  });

  it("a group that many have is read in three of them, and the rest is counted", () => {
    const { id } = DOC.securityGroups.find((group) => DOC.instances.filter(({ securityGroupIds }) => securityGroupIds.includes(group.id)).length > 3) ?? DOC.securityGroups[0]!;
    const { looks, leftOut, counters } = looksAt(STATE, id);
    const members = DOC.instances.filter(({ securityGroupIds }) => securityGroupIds.includes(id)).length;
    expect(new Set(looks.map(({ namespace }) => namespace)).size).toBe(Math.min(3, members));
    expect(leftOut).toBe(Math.max(0, members - 3));
    expect([...counters.values()].every((names) => names.every((name) => name.startsWith("c-sgr-")))).toBe(true);
  });
});
