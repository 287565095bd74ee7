import type { CommandGroup } from "../command-spec";
import { IF_EXISTS, NAME, ONLY_VPC } from "./noun-options";

const ENDS = [["--vpc1 <vpc>", "one VPC, instead of the argument"], ["--vpc2 <vpc>", "the other"]] as const;

export function registerPeer(program: CommandGroup): void {
  program.noun("peer", "peering connections between two VPCs", { aliases: ["peering"] })
    .command({
      usage: "create [vpc] [peer]", aliases: ["add"], summary: "peer two VPCs: routes in all their tables, rules in their default groups",
      options: [
        ...ENDS, ["--name <name>", "name of the peering (default: both VPCs')"], ["--no-routes", "the connection alone: what may pass is added by hand"],
        ["--allow-cidrs <cidrs...>", "only these subnets reach each other, by their ranges or names; all others stay blocked"],
      ],
      examples: ["peer create prod dev", "peer create --vpc1 prod --vpc2 dev", "peer create prod dev --no-routes", "peer create prod dev --allow-cidrs 10.0.1.0/24,10.1.1.0/24"],
      action: async () => (await import("../actions/peer")).createPeer,
    })
    .command({
      usage: "list", aliases: ["ls"], summary: "list the peerings", options: [ONLY_VPC], examples: ["peer list"],
      action: async () => (await import("../actions/kind-actions")).listKind("peering"),
    })
    .command({
      usage: "show [name]", summary: "show a peering with its routes", options: [NAME], examples: ["peer show prod-dev", "peer show prod/dev"],
      action: async () => (await import("../actions/kind-actions")).showKind("peering"),
    })
    .command({
      usage: "accept [name]", summary: "accept a request", options: [NAME], examples: ["peer accept prod-dev"],
      action: async () => (await import("../actions/peer")).acceptPeer,
    })
    .command({
      usage: "reject [name]", summary: "reject a request", options: [NAME], examples: ["peer reject prod-dev"],
      action: async () => (await import("../actions/peer")).rejectPeer,
    })
    .command({
      usage: "delete [vpc-or-name] [peer]", aliases: ["rm"], summary: "delete a peering, with its routes and rules",
      options: [...ENDS, NAME, IF_EXISTS], examples: ["peer delete prod dev", "peer delete prod-dev", "peer delete --vpc1 prod --vpc2 dev"],
      action: async () => (await import("../actions/peer")).deletePeer,
    });
}
