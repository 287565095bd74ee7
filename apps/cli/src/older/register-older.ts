import type { CommandGroup } from "../command-spec";
import { CONFIG, SPELLINGS, type Spelling } from "./spellings";

/** The older tools' spellings: hidden in the help, listed by `vpcctl help older`. */
export function registerOlder(program: CommandGroup): void {
  for (const spelling of SPELLINGS) add(program, spelling);
  const config = program.noun("config", "settings of the topology: addressing, drift-repair", { hidden: true });
  for (const spelling of CONFIG) add(config, spelling);
  program.command({
    usage: "older", hidden: true, summary: "command lines of the tools that came before, and what says the same today", about: list(), examples: ["older"],
    action: async () => (await import("./list-older")).listOlder,
  });
}

const add = (group: CommandGroup, { usage, options, now, aliases, action }: Spelling): void => {
  group.command({ usage, options, aliases, summary: `as in the tools before; today: ${now}`, hidden: true, examples: [], action });
};

/** One line for each, with the options that it has. */
const list = (): string => [
  "Each still works; so do `vpc create --name`, `subnet add --type`,",
  "`nat enable --interface`, `peer create --vpc1 --vpc2`,",
  "`firewall apply --policy`, `deploy webserver --vpc --subnet` and",
  "`exec --vpc --subnet`, `exec <vpc> <subnet> \"command line\"`, `peer <vpc> <vpc>`,",
  "`deploy <vpc> <subnet> <port>` and `deploy nginx`. VPCs that are made with --name can be reached from",
  "the host, as theirs could: vpc set --reachable-from-host off.",
  "",
  ...SPELLINGS.map(({ usage, aliases = [], now }) => `  ${[usage.split(" ")[0], ...aliases].join(", ").padEnd(36)} ${now}`),
].join("\n");
