import type { CommandGroup } from "../command-spec";

const FILE = ["-f, --file <file>", "topology file in YAML or JSON; - reads standard input"] as const;

const RETURN_WITHIN = ["--return-within <seconds>", "the host goes back by itself when it does not reach the server so long after the apply; 0: it stays; kept for the next applies"] as const;

/** Commands about a topology as a file. */
export function registerFiles(program: CommandGroup): void {
  program
    .command({
      usage: "apply",
      summary: "make the topology what a file says; without a file: bring the host to the drawing again",
      about: "The whole topology is replaced by the file: what is not in it is removed. What has the same name stays the same object. "
        + "Without -t the topology is the one that the file names.",
      options: [FILE, RETURN_WITHIN],
      examples: ["apply -f lab.yaml", "apply --return-within 60  # a distant host that loses the server goes back by itself", "apply -f lab.yaml --dry-run --verbose", "apply  # repairs what was changed on the host", "export | vpcctl -t copy apply -f -"],
      action: async () => (await import("../actions/apply")).apply,
    })
    .command({
      usage: "plan",
      summary: "what apply would do",
      options: [FILE],
      examples: ["plan", "plan -f lab.yaml", "plan -f lab.yaml --verbose  # with the Linux commands"],
      action: async () => (await import("../actions/plan")).plan,
    })
    .command({
      usage: "diff",
      summary: "where a file, the drawing and the host differ",
      about: "Exit code 0: nowhere; 1: somewhere.",
      options: [FILE],
      examples: ["diff", "diff -f lab.yaml", "diff -f lab.yaml --json"],
      action: async () => (await import("../actions/diff")).diff,
    })
    .command({
      usage: "export [file]",
      summary: "write the topology as a file",
      about: "Into a file that is there already, only what differs is changed: its comments and its order stay.",
      options: [["-f, --file <file>", "file to write; - or none: standard output"]],
      examples: ["export", "export lab.yaml", "export -f lab.json", "export --json"],
      action: async () => (await import("../actions/export")).exportFile,
    })
    .command({
      usage: "validate",
      summary: "check a topology file; nothing is changed and no host is asked",
      options: [FILE],
      examples: ["validate -f lab.yaml", "validate -f - --json"],
      action: async () => (await import("../actions/validate")).validate,
    })
    .command({
      usage: "schema",
      summary: "print the JSON Schema of topology files, for editors",
      examples: ["schema > topology.schema.json"],
      action: async () => (await import("../actions/schema")).schema,
    });
}
