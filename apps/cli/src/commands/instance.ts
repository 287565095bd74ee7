import type { CommandGroup } from "../command-spec";
import { IF_EXISTS, IN_SUBNET, IN_VPC, NAME, ONLY_VPC, RENAME } from "./noun-options";

const GROUPS = ["--sg <group...>", "security groups (default: the VPC's default one)"] as const;

export function registerInstance(program: CommandGroup): void {
  program.noun("instance", "instances: machines in a subnet; the first one is called main")
    .command({
      usage: "create [name]", aliases: ["add"], summary: "make an instance",
      options: [NAME, IN_VPC, IN_SUBNET, ["--address <address>", "an address of the subnet (default: the next free one)"], GROUPS, ["--web-server <port>", "a web server on it"]],
      examples: ["instance create prod/public/web --web-server 80 --sg web", "instance create web --subnet prod/public --address 10.0.1.10"],
      action: async () => (await import("../actions/instance")).createInstance,
    })
    .command({
      usage: "list", aliases: ["ls"], summary: "list the instances", options: [ONLY_VPC], examples: ["instance list", "instance list --vpc prod --json"],
      action: async () => (await import("../actions/kind-actions")).listKind("instance"),
    })
    .command({
      usage: "show [name]", summary: "show an instance", options: [NAME, IN_VPC, IN_SUBNET], examples: ["instance show prod-public", "instance show 10.0.1.2"],
      action: async () => (await import("../actions/kind-actions")).showKind("instance"),
    })
    .command({
      usage: "set [name]", summary: "change an instance",
      options: [
        NAME, IN_VPC, RENAME, ["--address <address>", "another address"], ["--subnet <subnet>", "move it there"], GROUPS,
        ["--source-dest-check <on|off>", "off makes it a middlebox that forwards"], ["--web-server <port|off>", "a web server on it"],
        ["--publish <ports...>", "where the host has no public addresses: host port to port, e.g. 8080:80"], ["--unpublish <port...>", "take a host port away"],
      ],
      examples: ["instance set prod/public/web --sg web db", "instance set prod/public/fw --source-dest-check off", "instance set prod-public --publish 8080:80"],
      action: async () => (await import("../actions/instance")).setInstance,
    })
    .command({
      usage: "delete [name]", aliases: ["rm"], summary: "delete an instance", options: [NAME, IN_VPC, IN_SUBNET, IF_EXISTS], examples: ["instance delete prod/public/web"],
      action: async () => (await import("../actions/delete-kind")).deleteKind("instance"),
    });
}
