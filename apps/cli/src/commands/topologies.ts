import type { CommandGroup } from "../command-spec";

/** Commands about a topology as a whole. */
export function registerTopologies(program: CommandGroup): void {
  program
    .command({
      usage: "list",
      aliases: ["ls"],
      summary: "list the topologies",
      examples: ["list", "list --json"],
      action: async () => (await import("../actions/list")).list,
    })
    .command({
      usage: "inspect [vpc]",
      summary: "bridges, namespaces, routes, NAT and peerings: as drawn, and what the kernel holds",
      options: [["--vpc <vpc>", "only this VPC"]],
      examples: ["inspect", "inspect prod", "inspect --json -t lab2"],
      action: async () => (await import("../actions/inspect")).inspect,
    })
    .command({
      usage: "teardown",
      summary: "remove everything of the topology from its host",
      about: "Asks first. Without a server the drawing goes, too: there is nothing to keep it in.",
      options: [["--delete", "also delete the drawing on the server"]],
      examples: ["teardown", "teardown -t lab2 --yes", "teardown --dry-run --verbose"],
      action: async () => (await import("../actions/teardown")).teardown,
    })
    .command({
      usage: "cancel",
      summary: "stop an apply that is under way, or waits for its host",
      about: "The host ends the step that it is at and begins no further one. What is done stays, nothing is undone. `apply` goes on; an earlier drawing, applied, leads back.",
      examples: ["cancel", "cancel -t lab2"],
      action: async () => (await import("../actions/cancel")).cancel,
    })
    .command({
      usage: "logs",
      summary: "who did what and when, and what came of it",
      about: "Of all topologies, unless one is named (-t). `--script` prints the Linux commands of one entry as a shell script that does the same.",
      options: [
        ["--last <n>", "so many entries (default 20)"],
        ["--follow", "go on with what is new"], ["--script <id>", "an entry as a script; `last`: the newest that changed something"],
      ],
      examples: ["logs", "logs --last 5 --verbose  # with the commands", "logs --script last > again.sh", "logs --follow --json"],
      action: async () => (await import("../actions/logs")).logs,
    })
    .noun("show", "what is behind an object").command({
      usage: "linux [object]",
      summary: "the Linux commands that make an object from nothing",
      about: "An object by id or by name: `prod`, `prod/public`, `prod/public/web`. Without one: the whole topology.",
      examples: ["show linux prod/public", "show linux prod-public-web", "show linux > by-hand.sh"],
      action: async () => (await import("../actions/show-linux")).showLinux,
    });
}
