import type { CommandGroup } from "../command-spec";

/** Commands about vpcctl itself and the machine. */
export function registerMachine(program: CommandGroup): void {
  program.command({
    usage: "version",
    summary: "print the version",
    examples: ["version", "version --json"],
    action: async () => (await import("../actions/version")).version,
  });
  program.command({
    usage: "list",
    aliases: ["ls"],
    summary: "list the topologies",
    examples: ["list", "list --json"],
    action: async () => (await import("../actions/list")).list,
  });
}
