import type { CommandGroup } from "../command-spec";
import { DEFAULT } from "./noun-options";

const WHERE = [["--vpc <vpc>", "the VPC"], ["--subnet <subnet>", "the subnet, whose first instance it is"], ["--instance <name>", "another instance"]] as const;
const SUBNET = [["--vpc <vpc>", "the VPC"], ["--subnet <subnet>", "the subnet"]] as const;

/** What runs in instances, and the older tools' firewall around them. */
export function registerApplications(program: CommandGroup): void {
  program.noun("deploy", "programs in instances")
    .command({
      usage: "webserver [instance]", aliases: ["http", "web"], summary: "run a web server in an instance and print its test URL", options: [...WHERE, ["--port <port>", "port (default 8080)"]],
      examples: ["deploy webserver prod-public --port 80", "deploy webserver --vpc prod --subnet public --port 8080"],
      action: async () => (await import("../actions/deploy")).webserver,
    })
    .command({
      usage: "nginx [vpc] [subnet] [port]", aliases: ["apache", "httpd", "python"], summary: "as in the tools before; today: deploy webserver", hidden: true,
      options: [...WHERE, ["--port <port>", "port (default 8080)"]], examples: [],
      action: async () => (await import("../actions/deploy")).deployOther,
    });
  program.command({
    usage: "stop-app [instance-or-vpc] [subnet]", summary: "stop the web server of an instance", options: [...WHERE, ["--port <port>", "accepted and not needed: an instance has one"]],
    examples: ["stop-app prod-public", "stop-app --vpc prod --subnet public"],
    action: async () => (await import("../actions/deploy")).stopApp,
  });
  program.noun("firewall", "a subnet's list of rules from a JSON policy file: stateful, in order")
    .command({
      usage: "apply [subnet]", summary: "put the rules of a policy file in force, instead of those before",
      about: "With --vpc alone: for every subnet of the VPC that the file is for. One wrong rule refuses the whole file, and what was in force stays. What no rule names is denied unless the file or --default says otherwise.",
      options: [...SUBNET, ["--policy <file>", "the policy file"], ["--file <file>", "the same"], DEFAULT],
      examples: ["firewall apply prod/public --policy web.json", "firewall apply --vpc prod --subnet public --policy web.json --default allow"],
      action: async () => (await import("../actions/apply-firewall")).applyFirewall,
    })
    .command({
      usage: "show [subnet]", summary: "show a subnet's rules", options: SUBNET, examples: ["firewall show prod/public"],
      action: async () => (await import("../actions/firewall")).showFirewall,
    })
    .command({
      usage: "clear [subnet]", aliases: ["delete"], summary: "take a subnet's rules away; with --vpc alone those of all its subnets", options: SUBNET, examples: ["firewall clear prod/public"],
      action: async () => (await import("../actions/firewall")).clearFirewall,
    });
}
