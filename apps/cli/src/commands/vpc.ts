import type { CommandGroup } from "../command-spec";
import { CIDR, IF_EXISTS, NAME, RENAME } from "./noun-options";

const SWITCHES = [
  ["--reachable-from-host [on|off]", "the host itself may open connections to the instances; never the other way round"],
  ["--dns <on|off>", "a resolver at each gateway's address (default on)"],
] as const;

export function registerVpc(program: CommandGroup): void {
  program.noun("vpc", "VPCs: isolated networks with a router of their own")
    .command({
      usage: "create [name]", aliases: ["add"], summary: "make a VPC",
      about: "The same name with the same content changes nothing; with other content it is refused. Named with --name, as the tools before, it can be reached from the host.",
      options: [NAME, CIDR, ...SWITCHES],
      examples: ["vpc create prod --cidr 10.0.0.0/16", "vpc create  # name and range are derived", "vpc create --name vpc1 --cidr 10.0.0.0/16"],
      action: async () => (await import("../actions/vpc")).createVpc,
    })
    .command({
      usage: "list", aliases: ["ls"], summary: "list the VPCs", examples: ["vpc list", "vpc list --json"],
      action: async () => (await import("../actions/kind-actions")).listKind("vpc"),
    })
    .command({
      usage: "show [name]", summary: "show a VPC with its subnets and peerings", options: [NAME], examples: ["vpc show prod"],
      action: async () => (await import("../actions/kind-actions")).showKind("vpc"),
    })
    .command({
      usage: "set [name]", summary: "change a VPC", options: [NAME, RENAME, ["--cidr <cidr>", "another prefix"], ...SWITCHES],
      examples: ["vpc set prod --reachable-from-host on", "vpc set prod --dns off", "vpc set prod --rename production"],
      action: async () => (await import("../actions/vpc")).setVpc,
    })
    .command({
      usage: "delete [name]", aliases: ["rm"], summary: "delete a VPC with everything in it",
      about: "Says what goes with it; asks on a terminal. Of its peerings nothing is left in the peers.",
      options: [NAME, IF_EXISTS], examples: ["vpc delete prod", "vpc delete prod --yes", "vpc delete --name prod --if-exists"],
      action: async () => (await import("../actions/delete-kind")).deleteKind("vpc"),
    });
}
