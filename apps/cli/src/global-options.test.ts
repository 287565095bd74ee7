import { Command, Option } from "commander";
import { describe, expect, it } from "vitest";
import { readEnvironment } from "./env";
import { addGlobalOptions, type GlobalOptions, readGlobalOptions } from "./global-options";

/** What a command line means for a command `do` under a noun; `own` options belong to the command. */
function read(args: readonly string[], env: Record<string, string> = {}, own: readonly Option[] = []): GlobalOptions {
  let read: GlobalOptions | null = null;
  const program = new Command("vpcctl").enablePositionalOptions();
  addGlobalOptions(program);
  const noun = program.command("noun").enablePositionalOptions();
  addGlobalOptions(noun);
  const command = noun.command("do");
  for (const option of own) command.addOption(option);
  addGlobalOptions(command);
  command.action(() => void (read = readGlobalOptions(command, readEnvironment(env))));
  program.parse([...args], { from: "user" });
  return read as unknown as GlobalOptions;
}

describe("global options", () => {
  it("have defaults", () => {
    expect(read(["noun", "do"])).toEqual({
      place: null, stateDir: "/var/lib/vpclab-agent", mode: null, uplink: null, policy: null, topology: "default", namedTopology: null,
      json: false, dryRun: false, yes: false, quiet: false, verbose: false, color: true,
    });
  });

  it.each([
    [["--local", "-t", "lab2", "noun", "do"]], [["noun", "--local", "-t", "lab2", "do"]], [["noun", "do", "--local", "-t", "lab2"]],
    [["--topology=lab2", "noun", "do", "--local"]],
  ])("stand anywhere: %j", (args) => {
    expect(read(args)).toMatchObject({ place: { kind: "local" }, topology: "lab2" });
  });

  it("nearest to the command decides", () => {
    expect(read(["-t", "a", "noun", "do", "-t", "b"])).toMatchObject({ topology: "b" });
  });

  it("go before the environment, and the environment before defaults", () => {
    const env = { VPCCTL_SERVER: "http://env", VPCLAB_AGENT_MODE: "host", VPCCTL_TOPOLOGY: "lab3", NO_COLOR: "1" };
    expect(read(["noun", "do"], env)).toMatchObject({ place: { kind: "server", url: "http://env" }, mode: "host", topology: "lab3", color: false });
    expect(read(["noun", "do", "--local", "--mode", "sandbox"], env)).toMatchObject({ place: { kind: "local" }, mode: "sandbox" });
    expect(read(["noun", "do"], { ...env, VPCCTL_LOCAL: "1" })).toMatchObject({ place: { kind: "local" } });
  });

  it("a command's own option of the same name is its own: the agent's policy is not a subnet's", () => {
    const own = [new Option("--policy <file>", "the subnet's rules")];
    expect(read(["noun", "do", "--policy", "rules.json"], {}, own)).toMatchObject({ policy: null });
    expect(read(["--policy", "host.json", "noun", "do", "--policy", "rules.json"], {}, own)).toMatchObject({ policy: "host.json" });
  });

  it("refuses a mode that the environment made up", () => {
    expect(() => read(["noun", "do"], { VPCLAB_AGENT_MODE: "cloud" })).toThrow("no mode");
  });
});
