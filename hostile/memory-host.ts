import { FakeKernel } from "@vpclab/shared/testing/fake-kernel";
import { parseMark } from "@vpclab/shared/plan/mark";
import type { Step } from "@vpclab/shared/plan/step";
import { AGENT_ID } from "./target";
import type { Tally } from "./tally";

const owner = { topologyId: "others", objectId: "others" };
/** What somebody else has: with names that a drawing may have, too. */
const FOREIGN: readonly Step[] = ["other-lab", "vpc-of-others", "lab0.vpc1"].flatMap((namespace): Step[] => [
  { owner, namespace, action: "netns-add" },
  { owner, namespace, action: "bridge-add", name: "br-others", mac: "02:00:00:00:00:01" },
  { owner, namespace, action: "link-up", name: "br-others" },
  { owner, namespace, action: "address-add", link: "br-others", address: "172.31.9.1/24" },
]);

/** A host in memory that somebody else works on as well. */
export class MemoryHost {
  readonly kernel = new FakeKernel();
  #before = "";

  static async open(): Promise<MemoryHost> {
    const host = new MemoryHost();
    await host.kernel.apply(FOREIGN);
    host.#before = host.#foreign();
    return host;
  }

  /** What is others' is as it was, and everything else carries this agent's mark. */
  check(tally: Tally): void {
    if (this.#foreign() !== this.#before) tally.fault("foreign objects", "a namespace of somebody else was changed");
    const foreign = new Set(FOREIGN.map(({ namespace }) => namespace));
    for (const name of this.kernel.names()) {
      if (!foreign.has(name) && parseMark(this.kernel.namespace(name)?.mark ?? "")?.agentId !== AGENT_ID) tally.fault("foreign objects", `${name} carries no mark of this agent`);
    }
    this.kernel.log.length = 0;
  }

  #foreign(): string {
    return JSON.stringify([...new Set(FOREIGN.map(({ namespace }) => namespace))].map((name) => this.kernel.namespace(name)));
  }
}
