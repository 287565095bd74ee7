import { describe, expect, it } from "vitest";
import { readEnvironment } from "../env";
import { readOptions } from "./options";

const none = readEnvironment({});

describe("the command line", () => {
  it("goes before the environment, which goes before the defaults", () => {
    expect(readOptions(["run"], none)).toMatchObject({ command: "run", mode: "sandbox", stateDir: "/var/lib/vpclab-agent", url: null, policy: null });
    const environment = readEnvironment({ VPCLAB_AGENT_STATE: "/a", VPCLAB_AGENT_MODE: "host", VPCLAB_AGENT_URL: "https://a" });
    expect(readOptions(["run", "--state", "/b"], environment)).toMatchObject({ stateDir: "/b", mode: "host", url: "https://a" });
    expect(readOptions(["--help"], none)).toMatchObject({ command: "help" });
  });

  it.each([
    [[]], [["dance"]], [["run", "now"]], [["run", "--token", "vpcj1.x"]], [["run", "--mode", "vm"]], [["run", "--uplink", "eth0;id"]], [["run", "--uplink", "-x"]],
    [["run", "--internet-target", "example.com"]], [["run", "--state"]],
  ])("refuses %j with one line", (args) => expect(() => readOptions(args, none)).toThrow(/^[^\n]+$/));

  it("refuses a mode of the environment that does not exist", () => expect(() => readEnvironment({ VPCLAB_AGENT_MODE: "vm" })).toThrow());
});
