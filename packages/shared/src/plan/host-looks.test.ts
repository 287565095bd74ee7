import { describe, expect, it } from "vitest";
import { testContext } from "../testing/builders";
import { fullLab } from "../testing/full-lab";
import { compileTopology } from "./compile";
import type { CompileContext } from "./compile-context";
import { HOST_OBJECT_ID } from "./compile-host";
import { HOST_NAMESPACE } from "./kernel-state";
import { looksAt } from "./looks-at";

const DOC = fullLab();
const OTHER = { link: "igh-aaaaaaaaaa", routerAddress: "169.254.99.0", publicAddresses: [], publishedPorts: [{ protocol: "tcp", hostPort: 9999 }] } as const;

function looks(host: Partial<CompileContext["host"]> = {}) {
  const context = testContext(DOC);
  const state = compileTopology(DOC, { ...context, host: { ...context.host, ...host } });
  return { state, ...looksAt(state, HOST_OBJECT_ID) };
}
const scripts = (given: ReturnType<typeof looks>) => given.looks.flatMap((look) => (look.tool === "nft" ? [look.script] : []));

describe("what a topology may see of its host", () => {
  it("its links with their routes, and the whole table where it is alone in it", () => {
    const alone = looks();
    const links = alone.state[HOST_NAMESPACE]!.links.map(({ name }) => name);
    expect(links.length).toBeGreaterThan(1);
    expect(scripts(alone)).toEqual(["list table inet vpclab"]);
    const shown = alone.looks.flatMap((look) => (look.tool === "ip" && look.args[0] === "-s" ? [look.args.at(-1)] : []));
    expect(shown).toEqual(links);
    expect(alone.looks.every(({ namespace }) => namespace === HOST_NAMESPACE)).toBe(true);
  });

  it.each([{ otherGateways: [OTHER] }, { otherAccessLinks: ["vph-aaaaaaaaaa"] }])("beside another topology only its own chains: %o", (others) => {
    const beside = looks(others);
    const own = new Set(beside.state[HOST_NAMESPACE]!.links.map(({ name }) => name));
    expect(scripts(beside).length).toBeGreaterThan(0);
    for (const script of scripts(beside)) expect(own).toContain(/^list chain inet vpclab (?:from|to)-(\S+)$/.exec(script)?.[1]);
    expect(JSON.stringify(beside.looks)).not.toContain("aaaaaaaaaa");
  });

  it("never the machine's own addresses or routes", () => {
    for (const look of looks().looks) if (look.tool === "ip") expect(look.args).toContain("dev");
  });

  it("nothing where nothing of it is there, whoever else is", () => {
    const context = testContext(DOC);
    const empty = { ...DOC, internetGateways: [], vpcs: DOC.vpcs.map((vpc) => ({ ...vpc, reachableFromHost: false })) };
    const state = compileTopology(empty, { ...context, host: { ...context.host, otherGateways: [OTHER] } });
    expect(looksAt(state, HOST_OBJECT_ID).looks).toEqual([]);
  });
});
