import { Option } from "commander";
import type { CommandGroup } from "../command-spec";
import { CIDR, IF_EXISTS, IN_VPC, NAME, ONLY_VPC, RENAME } from "./noun-options";

const typeOptions = () => [
  ["--public", "routed to an internet gateway, which is made where there is none"] as const,
  ["--private", "without a way to the internet (default)"] as const,
  new Option("--type <type>", "public or private").choices(["public", "private"]),
];

export function registerSubnet(program: CommandGroup): void {
  program.noun("subnet", "subnets: a range of a VPC, with a first instance in each")
    .command({
      usage: "create [name]", summary: "make a subnet with its first instance",
      options: [NAME, IN_VPC, CIDR, ...typeOptions()],
      examples: ["subnet create prod/public --public", "subnet create private --vpc prod --cidr 10.0.2.0/24"],
      action: async () => (await import("../actions/subnet")).createSubnet,
    })
    .command({
      usage: "add [name]", summary: "as create; with --type public the way out comes later, with “nat enable”",
      options: [NAME, IN_VPC, CIDR, ...typeOptions()],
      examples: ["subnet add --vpc prod --name public --cidr 10.0.1.0/24 --type public"],
      action: async () => (await import("../actions/subnet")).addSubnet,
    })
    .command({
      usage: "list", aliases: ["ls"], summary: "list the subnets", options: [ONLY_VPC], examples: ["subnet list", "subnet list --vpc prod --json"],
      action: async () => (await import("../actions/kind-actions")).listKind("subnet"),
    })
    .command({
      usage: "show [name]", summary: "show a subnet with its instances and firewall", options: [NAME, IN_VPC], examples: ["subnet show prod/public"],
      action: async () => (await import("../actions/kind-actions")).showKind("subnet"),
    })
    .command({
      usage: "set [name]", summary: "change a subnet: public or private, its route table, its network ACL",
      options: [
        NAME, IN_VPC, ...typeOptions(), RENAME, ["--cidr <cidr>", "another prefix"], ["--table <table>", "route table (main: the VPC's)"],
        ["--acl <acl>", "network ACL (default: the VPC's)"], ["--auto-assign-public-address <on|off>", "instances get a public address by themselves"],
      ],
      examples: ["subnet set prod/public --private", "subnet set prod/private --table nat", "subnet set prod/private --acl default"],
      action: async () => (await import("../actions/subnet")).setSubnet,
    })
    .command({
      usage: "delete [name]", aliases: ["rm"], summary: "delete a subnet with its instances", options: [NAME, IN_VPC, IF_EXISTS],
      examples: ["subnet delete prod/public", "subnet delete --vpc prod --name public --if-exists"],
      action: async () => (await import("../actions/delete-kind")).deleteKind("subnet"),
    });
}
