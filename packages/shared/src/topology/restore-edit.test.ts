import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom, twoVpcLab } from "../testing/builders";
import { randomEdit } from "../testing/random-edit";
import { randomTopology } from "../testing/random-topology";
import { CHANGE_LINE_MAX, changeLine } from "./change-line";
import { applyEdit } from "./edit";
import type { EditCommand } from "./edit-command";
import { inOrderOfId } from "./order";
import { restoreEdit } from "./restore-edit";
import type { Peering, Topology } from "./topology";

const applied = (doc: Topology, command: EditCommand | null) => {
  if (!command) return { document: doc, inverse: null };
  const edited = applyEdit(doc, command);
  if (!edited.ok) throw new Error(JSON.stringify(edited.error));
  return edited.value;
};
const walk = (start: Topology, steps: number, random: ReturnType<typeof seededRandom>): Topology => {
  let doc = start;
  for (let n = 0; n < steps; n++) doc = randomEdit(doc, random).document;
  return doc;
};

describe("restoring an earlier revision", () => {
  it("gives exactly its document, ids included, by one command that can be undone", () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 1, max: 40 }), (seed, steps) => {
      const random = seededRandom(seed);
      const earlier = randomTopology(random);
      const current = walk(earlier, steps, random);
      const restored = applied(current, restoreEdit(current, earlier));
      expect(restored.document).toEqual(earlier);
      expect(applied(restored.document, restored.inverse).document).toEqual(current);
    }), { numRuns: 40 });
  });

  it("is nothing where nothing differs", () => {
    expect(restoreEdit(twoVpcLab(), twoVpcLab())).toBeNull();
  });

  it("leaves peerings with other topologies as they are now", () => {
    const lab = twoVpcLab();
    const [vpc] = lab.vpcs;
    const remote: Peering["remote"] = { side: "accepter", topologyId: "00000000-0000-4000-8000-00000000abcd", topologyName: "abroad", vpcName: "vpc9", cidr: "192.168.0.0/16" };
    const peering = (id: string): Peering => ({ id, name: id, requesterVpcId: vpc?.id ?? "", accepterVpcId: "vpc-0000000000000abc", status: "active", remote });
    const withPeering = (id: string): Topology => ({ ...lab, peerings: inOrderOfId([...lab.peerings, peering(id)]) });
    const routed: Topology = {
      ...withPeering("pcx-00000000000000aa"),
      routeTables: lab.routeTables.map((table, i) => (i === 0 ? { ...table, routes: [...table.routes, { destination: "192.168.0.0/16", target: { kind: "peering", id: "pcx-00000000000000aa" } }] } : table)),
    };
    const current = withPeering("pcx-00000000000000bb");
    const { document } = applied(current, restoreEdit(current, routed));
    expect(document.peerings).toEqual(current.peerings);
    expect(document.routeTables[0]?.routes.at(-1)?.target).toEqual({ kind: "gone", id: "pcx-00000000000000aa" });
  });
});

describe("a change in one line", () => {
  it("is bounded, and counts what it leaves out", () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = seededRandom(seed);
      const before = randomTopology(random);
      const line = changeLine(before, walk(before, 30, random));
      expect(line.length).toBeLessThanOrEqual(CHANGE_LINE_MAX);
      expect(line).not.toContain("\n");
    }
    const lab = twoVpcLab();
    expect(changeLine(lab, { ...lab, vpcs: lab.vpcs.map((vpc) => ({ ...vpc, name: `${vpc.name}x` })) })).toBe("VPC “vpc2x”: name vpc2 → vpc2x; VPC “vpc1x”: name vpc1 → vpc1x");
    expect(changeLine(lab, { ...lab, settings: { ...lab.settings, driftRepair: "manual" } })).toBe("settings of the topology");
    expect(changeLine(lab, lab)).toBe("nothing that matters to the network");
  });
});
