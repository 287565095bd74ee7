import { Argument } from "commander";
import type { CommandGroup } from "../command-spec";

/** Commands about this machine and vpcctl itself. */
export function registerMachine(program: CommandGroup): void {
  program
    .command({
      usage: "doctor",
      summary: "what this machine lacks, and what to do about it",
      examples: ["doctor", "doctor --mode host --json"],
      action: async () => (await import("../actions/doctor")).doctor,
    })
    .command({
      usage: "mode",
      summary: "where commands work: this machine or a server, sandbox or the host's own network",
      examples: ["mode", "--local --mode host --uplink eth0 mode"],
      action: async () => (await import("../actions/mode")).mode,
    })
    .command({
      usage: "purge",
      summary: "remove everything that carries vpclab's mark on this machine, also without a server and without state",
      about: "Lists what would go and asks first. What does not carry the mark is never touched. What an agent with another state directory made stays, unless --all is given, or this state directory is lost.",
      options: [["--all", "also what agents with other state directories made"]],
      examples: ["purge  # asks", "purge --yes", "purge --all --dry-run"],
      action: async () => (await import("../actions/purge")).purge,
    })
    .command({
      usage: "completion",
      summary: "print a script that completes commands, options and names",
      about: "For bash, zsh or fish.",
      args: [new Argument("<shell>").choices(["bash", "zsh", "fish"])],
      examples: ["completion bash > /etc/bash_completion.d/vpcctl", "completion zsh > ~/.zfunc/_vpcctl", "completion fish > ~/.config/fish/completions/vpcctl.fish"],
      action: async () => (await import("../actions/completion")).completion,
    })
    .command({
      usage: "__complete [words...]",
      summary: "what could stand at the end of a command line, a line each",
      hidden: true,
      examples: [],
      action: async () => (await import("../actions/complete")).complete,
    })
    .command({
      usage: "version",
      summary: "print the version",
      examples: ["version", "version --json"],
      action: async () => (await import("../actions/version")).version,
    });
}
