import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridTopology, seededRandom } from "@vpclab/shared/testing/builders";
import { fullLab } from "@vpclab/shared/testing/full-lab";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import { EMPTY_TOPOLOGY, type Topology } from "@vpclab/shared/topology/topology";
import { sceneOf } from "../../canvas/scene";
import { PALETTES } from "./palette";
import { sceneSvg } from "./scene-svg";

const svgOf = (doc: Topology, theme: "light" | "dark" = "light"): string => sceneSvg(sceneOf(doc, {}), "lab", PALETTES[theme]);
/** All text that is written in it, in its order. */
const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => text);

/** Tags are closed in the order in which they were opened, and nothing stands in them that XML does not know. */
function wellFormed(svg: string): void {
  const open: string[] = [];
  for (const [tag, end = "", name = "", , self = ""] of svg.replace(/^<\?xml[^>]*\?>/, "").matchAll(/<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<&]*")*)(\/?)>/g)) {
    if (end) expect(open.pop(), tag).toBe(name);
    else if (!self) open.push(name);
  }
  expect(open).toEqual([]);
  expect(svg.replace(/<\?xml[^>]*\?>/, "").replace(/<\/?[a-z]+(?: [a-zA-Z:-]+="[^"<&]*")*\/?>/g, "")).not.toMatch(/[<>]|&(?!#\d+;)/);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
}

describe("the drawing as a picture", () => {
  it("has every object by its name, and its addresses", () => {
    const doc = fullLab();
    const written = texts(svgOf(doc));
    for (const { name } of [...doc.vpcs, ...doc.subnets, ...doc.instances, ...doc.natGateways, ...doc.internetGateways, ...doc.peerings]) expect(written).toContain(name);
    for (const { address } of doc.instances) expect(written).toContain(address);
    expect(written).toEqual(expect.arrayContaining(["Internet", "public", "private", "10.0.0.0/16", "EIP web-eip", "forwards", ":8080"]));
  });

  it("over random topologies: well formed, and everything lies within it", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (seed) => {
      const svg = svgOf(randomTopology(seededRandom(seed)));
      wellFormed(svg);
      const [x = 0, y = 0, width = 0, height = 0] = (/viewBox="([^"]+)"/.exec(svg)?.[1] ?? "").split(" ").map(Number);
      for (const [, rx, ry, rw, rh] of svg.matchAll(/<rect x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"/g)) {
        expect(Number(rx) >= x && Number(ry) >= y && Number(rx) + Number(rw) <= x + width && Number(ry) + Number(rh) <= y + height).toBe(true);
      }
    }), { numRuns: 40 });
  }, 60_000);

  it("of an empty topology is the internet and the host", () => {
    wellFormed(svgOf(EMPTY_TOPOLOGY));
    expect(texts(svgOf(EMPTY_TOPOLOGY))).toEqual(["Internet", "Host"]);
  });

  it("text that is markup stays text, and long names are cut", () => {
    const doc: Topology = { ...fullLab(), peerings: fullLab().peerings.map((peering) => ({ ...peering, name: "a-very-long-name-for-a-peering" })) };
    const svg = sceneSvg(sceneOf(doc, {}), '<script>alert("1")</script>\u0000', PALETTES.light);
    wellFormed(svg);
    expect(svg).not.toContain("<script");
    expect(texts(svg).some((text) => /^a-very-long.*…$/.test(text))).toBe(true);
  });

  it("has the page's own colours, light and dark", () => {
    const css = readFileSync(join(import.meta.dirname, "../../app/globals.css"), "utf8");
    for (const theme of ["light", "dark"] as const) {
      for (const [name, colour] of Object.entries(PALETTES[theme])) {
        const [, light, dark] = new RegExp(`--color-${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css) ?? [];
        expect([name, colour]).toEqual([name, theme === "light" ? light : dark]);
      }
      expect(svgOf(fullLab(), theme)).toContain(`fill="${PALETTES[theme].canvas}"`);
    }
  });

  it("of a large topology is made in no time", () => {
    const start = performance.now();
    wellFormed(svgOf(gridTopology({ vpcs: 10, subnetsPerVpc: 4, instancesPerSubnet: 5 })));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
