import type { CommandGroup } from "../command-spec";
import { IF_EXISTS, IN_VPC, NAME, ONLY_VPC, TRAFFIC } from "./noun-options";

const ENTRY = [
  ...TRAFFIC, ["--from <cidr>", "what comes in from there"], ["--to <cidr>", "what goes out to there"],
  ["--number <number>", "the lowest number that matches decides (default: the next free of 10, 20, 30 …)"], IN_VPC,
] as const;

export function registerNacl(program: CommandGroup): void {
  program.noun("nacl", "network ACLs: stateless, at a subnet's edge", { aliases: ["network-acl"] })
    .command({
      usage: "create [name]", aliases: ["add"], summary: "make an ACL; it denies everything until it has entries", options: [NAME, IN_VPC], examples: ["nacl create prod/edge"],
      action: async () => (await import("../actions/nacl")).createAcl,
    })
    .command({
      usage: "list", aliases: ["ls"], summary: "list the ACLs", options: [ONLY_VPC], examples: ["nacl list"],
      action: async () => (await import("../actions/kind-actions")).listKind("network-acl"),
    })
    .command({
      usage: "show [name]", summary: "show an ACL with its entries", options: [NAME, IN_VPC], examples: ["nacl show prod/default"],
      action: async () => (await import("../actions/kind-actions")).showKind("network-acl"),
    })
    .command({
      usage: "allow <name>", summary: "add an entry that allows", options: ENTRY, examples: ["nacl allow prod/edge --tcp 80 --from 0.0.0.0/0 --number 100"],
      action: async () => (await import("../actions/nacl")).allowEntry,
    })
    .command({
      usage: "deny <name>", summary: "add an entry that denies", options: ENTRY, examples: ["nacl deny prod/default --tcp 22 --from 0.0.0.0/0"],
      action: async () => (await import("../actions/nacl")).denyEntry,
    })
    .command({
      usage: "remove <name>", summary: "remove an entry", options: [["--ingress <number>", "of what comes in"], ["--egress <number>", "of what goes out"], IN_VPC, IF_EXISTS],
      examples: ["nacl remove prod/default --ingress 10"],
      action: async () => (await import("../actions/nacl")).removeAclEntry,
    })
    .command({
      usage: "delete [name]", aliases: ["rm"], summary: "delete an ACL that no subnet uses", options: [NAME, IN_VPC, IF_EXISTS], examples: ["nacl delete prod/edge"],
      action: async () => (await import("../actions/delete-kind")).deleteKind("network-acl"),
    });
}
