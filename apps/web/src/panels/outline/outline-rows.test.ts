import { describe, expect, it } from "vitest";
import { fullLab, named } from "@vpclab/shared/testing/full-lab";
import { objectsOf } from "@vpclab/shared/topology/topology-index";
import { sceneOf } from "../../canvas/scene/scene";
import { branchesTo, opens, outlineRows } from "./outline-rows";

const scene = sceneOf(fullLab(), {});
const NONE: ReadonlySet<string> = new Set();
const labels = (turned: ReadonlySet<string>) => outlineRows(scene, turned, "lab").map(({ level, label }) => `${"  ".repeat(level - 1)}${label}`);

describe("the outline", () => {
  it("lists the host, then VPCs with their gateways, subnets and cards, then what joins them; tables and groups behind closed headings", () => {
    expect(labels(NONE)).toEqual([
      "Host", "vpc1", "  vpc1-igw", "  public", "    main", "    fw", "    nat", "  private", "    main", "  Route tables", "  Security groups", "  Network ACLs",
      "vpc2", "  vpc2-igw", "  public", "    main", "  Route tables", "  Security groups", "  Network ACLs",
      "Peerings", "  vpc1-vpc2", "Elastic IPs",
    ]);
  });

  it("has every object of the drawing once all is open, each on the way that leads to it", () => {
    const closed = outlineRows(scene, NONE, null).filter(({ expanded }) => expanded === false).map(({ id }) => id);
    const rows = outlineRows(scene, new Set(closed), null);
    for (const { object } of objectsOf(scene.document)) {
      expect(rows.filter(({ id }) => id === object.id)).toHaveLength(1);
      const way = branchesTo(scene, object.id);
      expect(way.at(-1) ?? null).toBe(rows.find(({ id }) => id === object.id)!.parentId);
    }
  });

  it("counts places among siblings, and hides what is in a closed branch", () => {
    const vpc1 = named(scene.document.vpcs, "vpc1").id;
    const rows = outlineRows(scene, new Set([vpc1]), null);
    expect(rows[0]).toMatchObject({ kind: "host", note: "none yet", position: 1 });
    expect(rows[1]).toMatchObject({ id: vpc1, level: 1, expanded: false, position: 2, siblings: 5 });
    expect(rows[2]).toMatchObject({ label: "vpc2", position: 3 });
    expect(opens(vpc1, new Set([vpc1]))).toBe(false);
  });
});
