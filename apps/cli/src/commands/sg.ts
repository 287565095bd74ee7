import type { CommandGroup } from "../command-spec";
import { IF_EXISTS, IN_VPC, NAME, ONLY_VPC, TRAFFIC } from "./noun-options";

const RULE = [
  ...TRAFFIC, ["--from <cidr|group>", "what comes in from there"], ["--to <cidr|group>", "what goes out to there"], IN_VPC,
] as const;

export function registerSg(program: CommandGroup): void {
  program.noun("sg", "security groups: stateful, allow only", { aliases: ["security-group"] })
    .command({
      usage: "create [name]", aliases: ["add"], summary: "make a group: nothing comes in, everything may go out",
      options: [NAME, IN_VPC, ["--description <text>", "for people"]], examples: ["sg create prod/web"],
      action: async () => (await import("../actions/sg")).createGroup,
    })
    .command({
      usage: "list", aliases: ["ls"], summary: "list the groups", options: [ONLY_VPC], examples: ["sg list --vpc prod"],
      action: async () => (await import("../actions/kind-actions")).listKind("security-group"),
    })
    .command({
      usage: "show [name]", summary: "show a group with its rules", options: [NAME, IN_VPC], examples: ["sg show prod/web"],
      action: async () => (await import("../actions/kind-actions")).showKind("security-group"),
    })
    .command({
      usage: "allow <name>", summary: "add a rule", options: [...RULE, ["--description <text>", "for people"]],
      examples: ["sg allow prod/web --tcp 80 --from 0.0.0.0/0", "sg allow prod/db --tcp 5432 --from web", "sg allow prod/web --icmp --from 10.0.0.0/16"],
      action: async () => (await import("../actions/sg")).allow,
    })
    .command({
      usage: "revoke <name>", summary: "take a rule out, by its content or its id", options: [...RULE, ["--rule <id>", "the rule's id (sg show)"], IF_EXISTS],
      examples: ["sg revoke prod/web --tcp 80 --from 0.0.0.0/0", "sg revoke prod/web --rule sgr-0a1b2c3d4e5f"],
      action: async () => (await import("../actions/sg")).revoke,
    })
    .command({
      usage: "delete [name]", aliases: ["rm"], summary: "delete a group that nothing uses", options: [NAME, IN_VPC, IF_EXISTS], examples: ["sg delete prod/web"],
      action: async () => (await import("../actions/delete-kind")).deleteKind("security-group"),
    });
}
