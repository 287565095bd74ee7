import { describe, expect, it } from "vitest";
import { seededRandom, testContext } from "../testing/builders";
import { fullLab } from "../testing/full-lab";
import { randomTopology } from "../testing/random-topology";
import { EMPTY_TOPOLOGY, type Topology } from "../topology/topology";
import type { CompileContext } from "./compile-context";
import { SCRIPT_UPLINK, shellScript } from "./shell-script";

const contextOf = (doc: Topology): CompileContext => {
  const context = testContext(doc, { publicAddresses: {} });
  return { ...context, host: { ...context.host, uplink: SCRIPT_UPLINK, publicPool: false } };
};
const script = (doc: Topology) => shellScript(doc, contextOf(doc));

/** What stands between the marks of here-documents, and the lines of the shell itself. */
function parts(text: string): { shell: string[]; documents: string[] } {
  const [shell, documents]: [string[], string[]] = [[], []];
  let inside = false;
  for (const line of text.split("\n")) {
    if (inside) {
      if (line === "EOF") inside = false;
      else documents.push(line);
    } else {
      shell.push(line);
      inside = /<<'?EOF'?( |$)/.test(line);
    }
  }
  expect(inside, "a here-document without an end").toBe(false);
  return { shell, documents };
}

describe("a topology as a shell script", () => {
  it("makes every namespace once, and takes the same away", () => {
    const { shell } = parts(script(fullLab()));
    const made = shell.flatMap((line) => /^ip netns add (\S+)$/.exec(line)?.[1] ?? []);
    const gone = shell.flatMap((line) => /ip netns delete (\S+)/.exec(line)?.[1] ?? []);
    expect(made).toContain("vpc1-public");
    expect(new Set(made).size).toBe(made.length);
    expect([...gone].sort()).toEqual([...made].sort());
  });

  it("over random topologies: nothing of the drawing is shell, and the placeholder of the uplink is gone", () => {
    for (let seed = 0; seed < 40; seed++) {
      const doc = { ...randomTopology(seededRandom(seed)), settings: { ...EMPTY_TOPOLOGY.settings, note: "$(reboot) `reboot`" } };
      for (const group of doc.securityGroups) group.description = "$(reboot)";
      const text = script(doc);
      expect(text).not.toContain(SCRIPT_UPLINK);
      expect(text).not.toContain("reboot");
      const { documents } = parts(text);
      expect(documents.filter((line) => /[$`]/.test(line.replaceAll("$uplink", "")))).toEqual([]);
    }
  });

  it("leaves the host's forwarding alone where no gateway needs it", () => {
    expect(script(EMPTY_TOPOLOGY)).not.toContain("forwarding");
    expect(script(fullLab())).toContain("net/ipv4/conf/$uplink/forwarding=1");
  });
});
