import { afterEach, describe, expect, it } from "vitest";
import { listNetnsNames } from "../../src/host/netns";
import { SANDBOX_NAMESPACES } from "../../src/sandbox/sandbox-state";
import { Sandbox } from "../../src/sandbox/sandbox";
import { Lab } from "./lab";

const lab = new Lab();
afterEach(() => lab.sandbox.remove());

describe("the sandbox", () => {
  it("is made once: asking again writes nothing", async () => {
    await lab.sandbox.ensure();
    const before = lab.runner.commands.length;
    await lab.sandbox.ensure();
    expect(lab.runner.commands.slice(before)).toEqual([]);
  });

  it("has an internet that knows the host and no private network", async () => {
    await lab.sandbox.ensure();
    expect((await lab.inside("vpclab.internet", "ip", "route", "get", "198.51.100.2")).exitCode).toBe(0);
    for (const address of ["10.0.1.2", "172.16.0.1", "192.168.1.1", "169.254.64.0"]) {
      expect((await lab.inside("vpclab.internet", "ip", "route", "get", address)).exitCode, address).not.toBe(0);
    }
    for (const namespace of SANDBOX_NAMESPACES) expect((await lab.inside(namespace, "ip", "-6", "address")).stdout).toBe("");
  });

  it("forwards nothing by itself", async () => {
    await lab.sandbox.ensure();
    for (const namespace of SANDBOX_NAMESPACES) {
      const { stdout } = await lab.inside(namespace, "sysctl", "-a", "-r", "^net.ipv4.conf\\..*\\.forwarding$");
      expect(stdout.split("\n").filter((line) => line.endsWith("= 1"))).toEqual([]);
    }
  });

  it("is mended after damage by hand", async () => {
    await lab.sandbox.ensure();
    await lab.inside("vpclab.host", "ip", "link", "delete", "uplink0");
    await lab.inside("vpclab.internet", "ip", "link", "delete", "servers0");
    await lab.sandbox.ensure();
    expect(await lab.pings("vpclab.host", "203.0.113.10")).toBe(true);
  });

  it("is left alone when it belongs to another agent, with a word about what to do", async () => {
    await lab.sandbox.ensure();
    const other = new Sandbox({ agentId: "agent2", kernel: lab.kernel });
    await expect(other.ensure()).rejects.toThrow(/vpclab\.(host|internet) exists already and belongs to the vpclab agent agent-1, .*vpcctl purge --all/);
    await expect(other.remove()).rejects.toThrow(/belongs to the vpclab agent agent-1/);
    expect(await lab.pings("vpclab.host", "203.0.113.10")).toBe(true);
  });

  it("does not take a namespace of its name that somebody made by hand", async () => {
    await lab.runner.run({ file: "ip", args: ["netns", "add", "vpclab.host"] });
    await lab.inside("vpclab.host", "ip", "link", "add", "mine", "type", "bridge");
    await expect(lab.sandbox.ensure()).rejects.toThrow(/belongs to somebody else/);
    expect((await lab.inside("vpclab.host", "ip", "link", "show", "mine")).exitCode).toBe(0);
    await lab.runner.run({ file: "ip", args: ["netns", "delete", "vpclab.host"] });
  });

  it("takes up what a start that was killed half-way left", async () => {
    await lab.runner.run({ file: "ip", args: ["netns", "add", "vpclab.host"] });
    await lab.sandbox.ensure();
    expect(await lab.pings("vpclab.host", "203.0.113.10")).toBe(true);
  });

  it("leaves nothing, also when removed twice", async () => {
    await lab.sandbox.ensure();
    await lab.sandbox.remove();
    await lab.sandbox.remove();
    expect(listNetnsNames()).toEqual([]);
  });
});
