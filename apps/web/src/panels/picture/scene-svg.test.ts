import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridTopology, seededRandom } from "@vpclab/shared/testing/builders";
import { fullLab } from "@vpclab/shared/testing/full-lab";
import { randomTopology } from "@vpclab/shared/testing/random-topology";
import { EMPTY_TOPOLOGY, type Topology } from "@vpclab/shared/topology/topology";
import { sceneOf } from "../../canvas/scene/scene";
import { PALETTES } from "./palette";
import { onPage } from "./page-size";
import { withDensity } from "./png-density";
import { sceneSvg, viewOf } from "./scene-svg";

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

describe("a picture for a document", () => {
  const scene = sceneOf(fullLab(), {});
  const sizeOf = (svg: string) => /<svg [^>]*? width="([^"]+)" height="([^"]+)"/.exec(svg)?.slice(1) ?? [];

  it("without background shows nothing behind the objects, and is else the same", () => {
    const [on, off] = [true, false].map((background) => sceneSvg(scene, "lab", PALETTES.light, { background, paper: null }).split("\n"));
    expect(on!.filter((line) => !off!.includes(line))).toEqual([expect.stringMatching(new RegExp(`^<rect [^>]*fill="${PALETTES.light.canvas}"/>$`))]);
    expect(off!.filter((line) => !on!.includes(line))).toEqual([]);
  });

  it("fits an A4 page within its margins, in its own proportions", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (seed) => {
      const drawn = sceneOf(randomTopology(seededRandom(seed)), {});
      const view = viewOf(drawn);
      const paper = onPage(view);
      const [width = "", height = ""] = sizeOf(sceneSvg(drawn, "lab", PALETTES.light, { background: true, paper }));
      expect([width, height].every((length) => /^[\d.]+mm$/.test(length))).toBe(true);
      expect(Number.parseFloat(width)).toBeLessThanOrEqual(170);
      expect(Number.parseFloat(height)).toBeLessThanOrEqual(257);
      expect(paper.width / paper.height).toBeCloseTo(view.width / view.height, 3);
    }), { numRuns: 20 });
    expect(onPage({ width: 96, height: 96 })).toEqual({ width: 25.4, height: 25.4 });
  }, 60_000);

  it("says in a PNG how large it is, and is a PNG still", () => {
    // The smallest one: header, one transparent pixel, end; with the sums of zlib itself.
    const chunk = (type: string, data: Buffer) => {
      const body = Buffer.concat([Buffer.from(type), data]);
      const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
      length.writeUInt32BE(data.length);
      sum.writeUInt32BE(crc32(body));
      return Buffer.concat([length, body, sum]);
    };
    const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0]);
    const [first, pixel, end] = [chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.alloc(5))), chunk("IEND", Buffer.alloc(0))];
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const density = Buffer.alloc(9);
    density.writeUInt32BE(11_811, 0);
    density.writeUInt32BE(11_811, 4);
    density[8] = 1;
    const sized = Buffer.from(withDensity(Buffer.concat([signature, first, pixel, end]), 300 / 25.4));
    expect(sized.equals(Buffer.concat([signature, first, chunk("pHYs", density), pixel, end]))).toBe(true);
  });
});
